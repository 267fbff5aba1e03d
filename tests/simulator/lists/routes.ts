/**
 * The routes of the lists.
 *
 * @module
 */
import type { Context, Hono } from "hono";
import type { Guard } from "../protocol/guard.ts";
import { mediaType } from "../protocol/version.ts";
import { LISTS } from "./registry.ts";
import type { Lists } from "./service.ts";

/** Adds a route for each list, and for the single rows of those that have them. */
export function addLists(app: Hono, guard: Guard, lists: Lists): void {
  for (const list of LISTS) {
    const { open = false, denial = "unauthorized" } = list;
    app.get(routeOf(list.endpoint), (c) => {
      const { version, hidden } = guard.pass(c, { open, denial });
      const url = new URL(c.req.url);
      return json(lists.page(list, { url, parameters: c.req.param(), version, hidden }), version);
    });
    if (list.detail === undefined) continue;
    app.get(routeOf(list.detail), (c: Context) => {
      // What is hidden in the list is not there when asked for by name.
      const { version, hidden } = guard.pass(c, { open, denial });
      const [id = ""] = Object.values(c.req.param());
      return json(lists.one(list, hidden ? "" : id), version);
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
