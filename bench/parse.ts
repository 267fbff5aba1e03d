/**
 * What parsing alone costs: the measure of the machine that other figures are compared with.
 *
 * @module
 */
import process from "node:process";
import type { World } from "./world.ts";

/** Different pages that are parsed: some have names that are not ASCII, for which it takes longer. */
const SAMPLE = 50;

/** Processor time that `JSON.parse` takes for as many pages as these of the world's list of jobs. */
export async function parseSeconds(world: World, pages: number): Promise<number> {
  const sample: Uint8Array[] = [];
  for await (const bytes of pagesOf(world)) {
    sample.push(bytes);
    if (sample.length === SAMPLE) break;
  }
  const decoder = new TextDecoder();
  const before = processorSeconds();
  for (let page = 0; page < pages; page++) {
    JSON.parse(decoder.decode(sample[page % sample.length]));
  }
  return processorSeconds() - before;
}

/** The pages of finished jobs, as bytes. */
async function* pagesOf({ api, key }: World): AsyncGenerator<Uint8Array, void> {
  const headers = {
    accept: "application/vnd.netbackup+json;version=14.0",
    authorization: key,
  };
  const url = new URL(`${api}/admin/jobs`);
  url.searchParams.set("filter", "state eq 'DONE'");
  url.searchParams.set("page[limit]", "100");
  while (true) {
    const response = await fetch(url, { headers });
    if (!response.ok) throw new Error(`status ${response.status} instead of a page of jobs`);
    const bytes = await response.bytes();
    yield bytes;
    const { meta } = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof meta?.pagination?.next !== "string") return;
    url.searchParams.set("page[after]", meta.pagination.next);
  }
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
