/**
 * The least that reading all pages costs: fetch and `JSON.parse`, one page after the other.
 *
 * Run as a process of its own: `baseline.ts URL KEY`. Prints one JSON line with its figures.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { jobPages } from "./job_pages.ts";
import { processorSeconds } from "./process.ts";

const [api = "", key = "", since = ""] = Deno.args;
const started = performance.now();
let pages = 0;
let rows = 0;
let bytes = 0;
const filter = `state eq 'DONE' and endTime ge ${since}`;
for await (const page of jobPages({ api, key, filter, sort: "endTime" })) {
  pages += 1;
  rows += page.rows;
  bytes += page.text.length;
}
console.log(JSON.stringify({
  pages,
  rows,
  bytes,
  wallSeconds: (performance.now() - started) / 1000,
  cpuSeconds: processorSeconds(),
}));
