/**
 * Waiting for what a test expects, however slow the machine is.
 *
 * @module
 */

/** Waits for a condition; fails after a time no working program needs. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited 30 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
