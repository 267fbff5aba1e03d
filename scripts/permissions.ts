/**
 * The permissions the exporter runs with: the least that serve. The compile task bakes them in.
 *
 * @module
 */

/**
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
