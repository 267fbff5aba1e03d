/**
 * The metrics page, and parts of it.
 *
 * @module
 */
import type { Context } from "hono";
import type { Encoding } from "../metrics/page/page.ts";
import type { PageBody } from "../metrics/page/page_body.ts";
import type { Format } from "../metrics/types.ts";
import { sourceNames } from "../site/source_name.ts";
import { sharedBody } from "./exchange.ts";
import { negotiateEncoding, negotiateFormat, VARY } from "./negotiation.ts";
import { refuse, type RouteResponse } from "./pages/error_page.ts";
import type { ServerState } from "./state.ts";

/** What a request wants of the page. */
interface Selection {
  /** Names of sites; empty = all. */
  readonly sites: readonly string[];
  /** Names of collectors; empty = all. */
  readonly collectors: readonly string[];
}

/** The metrics page; `site` and `collect[]`, as often as wanted, choose a part of it. */
export function metricsPage(c: Context, state: ServerState): RouteResponse {
  // Most scrapes have no query, and need no look at it.
  if (!c.req.url.includes("?")) return sendPage(c, (...form) => state.metrics(...form));
  const query = new URL(c.req.url).searchParams;
  const selection = { sites: query.getAll("site"), collectors: query.getAll("collect[]") };
  if (selection.sites.length === 0 && selection.collectors.length === 0) {
    return sendPage(c, (...form) => state.metrics(...form));
  }
  return sendPart(c, state, selection, true);
}

/** The metrics of the site that `target` names, without the exporter's own. */
export function probePage(c: Context, state: ServerState): RouteResponse {
  const query = new URL(c.req.url).searchParams;
  const target = query.get("target");
  if (!target) return refuse(c, state, 400, 'The parameter "target" is missing: name a site');
  const collectors = query.getAll("collect[]");
  return sendPart(c, state, { sites: [target], collectors }, false);
}

function sendPart(c: Context, state: ServerState, wanted: Selection, own: boolean): RouteResponse {
  const all = state.collectorNames();
  const unknownSite = wanted.sites.find((site) => !all.has(site));
  if (unknownSite !== undefined) {
    return refuse(c, state, 404, `No site ${JSON.stringify(unknownSite)} is configured`);
  }
  const on = new Set([...all.values()].flat());
  const unknown = wanted.collectors.find((name) => !on.has(name));
  if (unknown !== undefined) {
    const problem = `No collector ${JSON.stringify(unknown)} is on`;
    return refuse(c, state, 400, `${problem}. These are: ${[...on].sort().join(", ")}`);
  }
  const sources = sourcesOf(all, wanted);
  return sendPage(c, (...form) => state.metricsPart({ sources, own }, ...form));
}

function sourcesOf(
  all: ReturnType<ServerState["collectorNames"]>,
  { sites, collectors }: Selection,
): ReadonlySet<string> {
  const chosen = sites.length === 0 ? [...all.keys()] : sites;
  return new Set(chosen.flatMap((site) => {
    const names = all.get(site) ?? [];
    return sourceNames(
      site,
      collectors.length === 0 ? names : names.filter((name) => collectors.includes(name)),
    );
  }));
}

async function sendPage(
  c: Context,
  make: (format: Format, encoding: Encoding) => Promise<PageBody>,
): Promise<Response> {
  const format = negotiateFormat(c.req.header("Accept") ?? null);
  const encoding = negotiateEncoding(c.req.header("Accept-Encoding") ?? null);
  const { bytes, contentType, done } = await make(format, encoding);
  const headers: Record<string, string> = {
    "Content-Type": contentType,
    "Content-Length": String(bytes.length),
    "Vary": VARY,
  };
  if (encoding === "gzip") headers["Content-Encoding"] = "gzip";
  return c.body(sharedBody(bytes, done), 200, headers);
}
