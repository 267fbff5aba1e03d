/**
 * What parsing alone costs: the measure of the machine that other figures are compared with.
 *
 * @module
 */
import { jobPages } from "./job_pages.ts";
import { processorSeconds } from "./process.ts";
import type { World } from "./world.ts";

/** Different pages that are parsed: some have names that are not ASCII, for which it takes longer. */
const SAMPLE = 50;

/** Processor time that `JSON.parse` takes for as many pages as these of the world's list of jobs. */
export async function parseSeconds({ api, key }: World, pages: number): Promise<number> {
  const encoder = new TextEncoder();
  const sample: Uint8Array[] = [];
  for await (const { text } of jobPages({ api, key, filter: "state eq 'DONE'" })) {
    sample.push(encoder.encode(text));
    if (sample.length === SAMPLE) break;
  }
  const decoder = new TextDecoder();
  const before = processorSeconds();
  for (let page = 0; page < pages; page++) {
    JSON.parse(decoder.decode(sample[page % sample.length]));
  }
  return processorSeconds() - before;
}
