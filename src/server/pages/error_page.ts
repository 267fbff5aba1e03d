/**
 * What is said about a request that cannot be served.
 *
 * @module
 */
import type { Context } from "hono";
import { html } from "hono/html";
import { prefersHtml } from "../negotiation.ts";
import { ROUTES } from "../routes.ts";
import type { ServerState } from "../state.ts";
import { layout, PAGE_HEADERS } from "./layout.ts";

/** What a route gives. */
export type RouteResponse = Response | Promise<Response>;

/** Statuses that are explained. */
export type RefusalStatus = 400 | 403 | 404 | 405;

const TITLES: Readonly<Record<RefusalStatus, string>> = {
  400: "Bad request",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
};

/**
 * Refuses a request: with a page for browsers, with text for programs.
 *
 * @param details A sentence about this request; programs get it in place of the title.
 */
export function refuse(
  c: Context,
  { build, metricsPath }: ServerState,
  status: RefusalStatus,
  details?: string,
): RouteResponse {
  const title = TITLES[status];
  c.header("Vary", "Accept");
  if (!prefersHtml(c.req.header("Accept") ?? null)) {
    return c.text(`${details ?? title}\n`, status);
  }
  const main = html`
    <h1>${title}</h1>
    <p>${details ?? ""}</p>
    <p>The request was ${c.req.method} ${c.req.path}.</p>
    <p><a href="${ROUTES.status}">Go to the status page</a></p>
  `;
  return c.html(layout({ title, build, metricsPath, main }), status, PAGE_HEADERS);
}
