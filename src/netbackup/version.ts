/**
 * API versions. A release of NetBackup speaks its own and older ones; asking for one it does not
 * speak is answered with 406.
 *
 * @module
 */

/** Versions this exporter is tested with, newest first: NetBackup 11.2, 11.0, 10.5, 10.4 and 10.3. */
export const SUPPORTED_VERSIONS = ["14.0", "13.0", "12.0", "11.0", "10.0"] as const;

/** The newest of them. */
export const NEWEST_VERSION = SUPPORTED_VERSIONS[0];

/** The oldest of them. */
export const OLDEST_VERSION = "10.0";

/**
 * Reads a version from a header.
 *
 * @returns `14.0` for `14.0` and `14`; undefined for what is no version.
 */
export function parseVersion(text: string | null): string | undefined {
  const parts = /^\s*(\d{1,3})(?:\.(\d{1,3}))?\s*$/.exec(text ?? "");
  if (parts === null) return undefined;
  return `${Number(parts[1])}.${Number(parts[2] ?? 0)}`;
}

/**
 * Compares as numbers: `9.0` is older than `10.0`.
 *
 * @returns Below 0 when `a` is older, above 0 when it is newer, 0 when they are equal.
 */
export function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}
