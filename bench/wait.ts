/**
 * Waiting.
 *
 * @module
 */

/** Lets time pass: what a benchmark measures takes some. */
export async function waitSeconds(seconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
