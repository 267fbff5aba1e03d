/**
 * How long the event loop stands still.
 *
 * @module
 */
import { processorSeconds } from "./process.ts";

/** What was seen of the event loop while some work went on, in milliseconds. */
export interface LoopBlocks {
  /** The longest time in which nothing else could run. */
  readonly longestMs: number;
  /**
   * The same without the time in which other programs had the processor: the shorter one of that time
   * and of the processor time that this program has spent in it.
   */
  readonly longestOwnMs: number;
  readonly totalMs: number;
}

/**
 * Watches the event loop while work goes on: a timer that is always due is late by what blocks it.
 * Collections of garbage count, as they do for whoever waits.
 */
export async function watchLoop(work: () => Promise<unknown>): Promise<LoopBlocks> {
  let longestMs = 0;
  let longestOwnMs = 0;
  let done = false;
  const now = () => ({ wall: performance.now(), own: 1000 * processorSeconds() });
  let last = now();
  const tick = () => new Promise((resolve) => setTimeout(resolve, 0));
  const watching = (async () => {
    while (!done) {
      await tick();
      const at = now();
      const wall = at.wall - last.wall;
      longestMs = Math.max(longestMs, wall);
      longestOwnMs = Math.max(longestOwnMs, Math.min(wall, at.own - last.own));
      last = at;
    }
  })();
  // The watch is on before the work begins.
  await new Promise((resolve) => setTimeout(resolve, 5));
  longestMs = longestOwnMs = 0;
  const begin = performance.now();
  await work();
  const totalMs = performance.now() - begin;
  // What blocked last is seen by the tick that follows.
  await tick();
  done = true;
  await watching;
  return { longestMs, longestOwnMs, totalMs };
}
