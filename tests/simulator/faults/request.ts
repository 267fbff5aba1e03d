/**
 * Changes what is asked: a server that overlooks part of the query.
 *
 * @module
 */
import type { Fault } from "./types.ts";

/** The request as a server with these faults understands it. */
export function changeRequest(faults: readonly Fault[], request: Request): Request {
  const url = new URL(request.url);
  for (const fault of faults) change(fault, url.searchParams);
  return url.href === new URL(request.url).href ? request : new Request(url, request);
}

function change(fault: Fault, query: URLSearchParams): void {
  switch (fault.kind) {
    case "ignoredFilter":
      return query.delete("filter");
    case "ignoredSort":
      return query.delete("sort");
    case "repeatedPage":
      query.delete("page[after]");
      return query.delete("page[offset]");
    case "shortPages": {
      const asked = query.get("page[limit]");
      if (asked !== null) query.set("page[limit]", String(Math.min(fault.rows, Number(asked))));
      return;
    }
  }
}
