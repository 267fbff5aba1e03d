/**
 * What parsing alone costs: the measure of the machine that other figures are compared with.
 *
 * @module
 */
import process from "node:process";
import type { World } from "./world.ts";

/** Processor time that `JSON.parse` takes for as many pages as one of the world's lists of jobs. */
export async function parseSeconds(world: World, pages: number): Promise<number> {
  const url = `${world.api}/admin/jobs?filter=state%20eq%20%27DONE%27&page%5Blimit%5D=100`;
  const accept = "application/vnd.netbackup+json;version=14.0";
  const text = await (await fetch(url, { headers: { accept, authorization: world.key } })).text();
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const before = processorSeconds();
  for (let page = 0; page < pages; page++) JSON.parse(decoder.decode(bytes));
  return processorSeconds() - before;
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
