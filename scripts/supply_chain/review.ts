/**
 * What changed between two lock files, and what of it must not be merged.
 *
 * @module
 */
import { markdownTable } from "../markdown.ts";
import { isAccepted, isTestTool, type LicenseOf } from "./licenses.ts";
import type { LockedPackage, LockFile } from "./lock_file.ts";

/** The result of a review. */
export interface Review {
  /** What changed, as Markdown. */
  readonly report: string;
  /** Why the lock file must not be merged as it is; empty when nothing speaks against it. */
  readonly problems: readonly string[];
}

/**
 * Compares lock files.
 *
 * Of the new one every package is checked, changed or not: integrity, license and origin.
 */
export async function reviewLockFile(
  before: LockFile,
  after: LockFile,
  licenseOf: LicenseOf,
): Promise<Review> {
  const old = new Map(before.packages.map((locked) => [idOf(locked), locked]));
  const now = new Map(after.packages.map((locked) => [idOf(locked), locked]));
  const rows: string[][] = [];
  const problems = after.foreign.map((origin) => `"${origin}" does not come from npm`);
  for (const [id, locked] of now) {
    const license = await licenseOf(locked.name, locked.version);
    const { integrity } = locked;
    const previous = old.get(id);
    if (!integrity?.startsWith("sha512-")) problems.push(`"${id}" has no SHA-512 in the lock file`);
    if (!isAccepted(license) && !isTestTool(locked.name, license)) {
      problems.push(`"${id}" has the license "${license ?? "none"}"`);
    }
    if (previous && previous.integrity !== integrity) {
      problems.push(`"${id}" has another content than before under the same version`);
    }
    if (previous && previous.integrity === integrity) continue;
    rows.push([
      id,
      previous ? "changed" : "added",
      license ?? "none",
      roleOf(locked, after),
      locked.hasScripts ? "yes" : "",
      `\`${integrity ?? "none"}\``,
    ]);
  }
  for (const [id, locked] of old) {
    if (!now.has(id)) rows.push([id, "removed", "", roleOf(locked, before), "", ""]);
  }
  const head = ["Package", "Change", "License", "Needed by", "Install scripts", "Integrity"];
  const report = rows.length === 0
    ? "No package changed."
    : markdownTable([head, ...rows.sort(([a = ""], [b = ""]) => a < b ? -1 : 1)]);
  return { report, problems };
}

/** Who needs a package: the import map, or other packages. */
function roleOf({ name }: LockedPackage, lock: LockFile): string {
  const others = lock.packages.filter(({ dependencies }) => dependencies.includes(name))
    .map((locked) => locked.name);
  return [...(lock.direct.includes(name) ? ["the import map"] : []), ...new Set(others)].join(", ");
}

function idOf({ name, version }: LockedPackage): string {
  return `${name}@${version}`;
}
