/**
 * The flags the exporter runs with. The compile task bakes them in.
 *
 * @module
 */

/**
 * The least permissions that serve:
 *
 * - net: the primaries, our own port;
 * - read: the configuration and the files it names;
 * - env: `${NAME}` in the configuration;
 * - write: the log file, the state directory.
 *
 * Paths and hosts come from the configuration, so they cannot be narrowed here. Nothing may be run,
 * no foreign library loaded.
 */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-net",
  "--allow-read",
  "--allow-env",
  "--allow-write",
];

/**
 * A young generation of the heap of 8 MB instead of 16 MB and more: parsed pages die young whatever
 * its size, and a primary server has better uses for 100 MB (`deno task bench ledger`).
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=8";

/** All flags. */
export const RUN_FLAGS: readonly string[] = [...PERMISSIONS, V8_FLAGS];
