/**
 * The routes of the lists.
 *
 * @module
 */
import type { Context, Hono } from "hono";
import type { Guard } from "../protocol/guard.ts";
import { mediaType } from "../protocol/version.ts";
import { LISTS } from "./registry.ts";
import type { ListRequest, Lists } from "./service.ts";

/** Adds a route for each list, and for the single rows of those that have them. */
export function addLists(app: Hono, guard: Guard, lists: Lists): void {
  for (const list of LISTS) {
    const { open = false, denial = "unauthorized" } = list;
    const pass = (c: Context): ListRequest => {
      const passed = guard.pass(c, { open, denial });
      const { url, headers } = c.req.raw;
      return {
        url: new URL(url),
        path: guard.path(c),
        headers,
        parameters: c.req.param(),
        ...passed,
      };
    };
    app.get(routeOf(list.endpoint), (c: Context) => {
      const request = pass(c);
      return json(lists.page(list, request), request.version);
    });
    if (list.detail === undefined) continue;
    app.get(routeOf(list.detail), (c: Context) => {
      const request = pass(c);
      const [id = ""] = Object.values(request.parameters);
      return json(lists.one(list, id, request), request.version);
    });
  }
}

function routeOf(template: string): string {
  return template.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** JavaScript cannot write 2^63 - 1, but NetBackup does. */
function json(body: unknown, version: string): Response {
  const text = JSON.stringify(body).replaceAll("9223372036854776000", "9223372036854775807");
  return new Response(text, { headers: { "content-type": mediaType(version) } });
}
