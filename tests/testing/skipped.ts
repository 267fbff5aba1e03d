/**
 * Tests that cannot run everywhere say so.
 *
 * @module
 */

/**
 * Whether to leave tests out. Prints what is left out and why, so that nobody takes it for tested.
 *
 * @param what What is not tested.
 * @param reason Why not; undefined where it is tested.
 */
export function skipped(what: string, reason: string | undefined): boolean {
  // deno-lint-ignore no-console
  if (reason !== undefined) console.log(`skipped: ${what}, as ${reason}`);
  return reason !== undefined;
}

/** The reason where the system is none of these. */
export function unlessOn(...systems: readonly (typeof Deno.build.os)[]): string | undefined {
  if (systems.includes(Deno.build.os)) return undefined;
  return `this system is not ${systems.join(" or ")}`;
}
