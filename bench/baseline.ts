/**
 * The least that reading all pages costs: fetch and `JSON.parse`, one page after the other.
 *
 * Run as a process of its own: `baseline.ts URL KEY`. Prints one JSON line with its figures.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import process from "node:process";

const [base = "", key = "", since = ""] = Deno.args;
const headers = {
  accept: "application/vnd.netbackup+json;version=14.0",
  authorization: key,
};
const filter = encodeURIComponent(`state eq 'DONE' and endTime ge ${since}`);
const started = performance.now();
let pages = 0;
let rows = 0;
let bytes = 0;
let after = "";
do {
  const url = `${base}/admin/jobs?filter=${filter}&sort=endTime&page%5Blimit%5D=100` +
    (after && `&page%5Bafter%5D=${encodeURIComponent(after)}`);
  const text = await (await fetch(url, { headers })).text();
  const page = JSON.parse(text);
  pages += 1;
  rows += page.data.length;
  bytes += text.length;
  after = page.meta.pagination.next ?? "";
} while (after);
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({
  pages,
  rows,
  bytes,
  wallSeconds: (performance.now() - started) / 1000,
  cpuSeconds: (user + system) / 1e6,
}));
