/**
 * What `deno.lock` says about the packages.
 *
 * @module
 */
import * as v from "valibot";

/** A locked package. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of the archive: `sha512-…`; undefined when the lock file has none. */
  readonly integrity: string | undefined;
  /** Names of the packages it depends on directly. */
  readonly dependencies: readonly string[];
  /** Whether it brings scripts to run on installation. Deno runs none unless told to. */
  readonly hasScripts: boolean;
}

/** A lock file. */
export interface LockFile {
  readonly packages: readonly LockedPackage[];
  /** Names of the packages that the import map names. */
  readonly direct: readonly string[];
  /** Origins beside npm: JSR packages and modules at URLs. */
  readonly foreign: readonly string[];
}

const NAMES = v.optional(v.array(v.string()), []);
const LOCK_FILE = v.object({
  version: v.literal("5"),
  npm: v.optional(
    v.record(
      v.string(),
      v.object({
        integrity: v.optional(v.string()),
        dependencies: NAMES,
        optionalDependencies: NAMES,
        scripts: v.optional(v.boolean(), false),
      }),
    ),
    {},
  ),
  jsr: v.optional(v.record(v.string(), v.unknown()), {}),
  remote: v.optional(v.record(v.string(), v.unknown()), {}),
  workspace: v.optional(v.object({ dependencies: NAMES })),
});

/**
 * Reads a lock file.
 *
 * @throws SyntaxError When it is no JSON.
 * @throws v.ValiError When it is not of version 5, which Deno 2.3 and later write.
 */
export function parseLockFile(text: string): LockFile {
  const { npm, jsr, remote, workspace } = v.parse(LOCK_FILE, JSON.parse(text));
  return {
    packages: Object.entries(npm).map(([id, entry]) => ({
      ...splitId(id),
      integrity: entry.integrity,
      dependencies: [...entry.dependencies, ...entry.optionalDependencies]
        .map((dependency) => splitId(dependency).name),
      hasScripts: entry.scripts,
    })),
    direct: (workspace?.dependencies ?? []).filter((specifier) => specifier.startsWith("npm:"))
      .map((specifier) => splitId(specifier.slice("npm:".length)).name),
    foreign: [...Object.keys(jsr).map((name) => `jsr:${name}`), ...Object.keys(remote)],
  };
}

/** All packages that these lead to, themselves included, in the order of the lock file. */
export function closureOf(lock: LockFile, names: readonly string[]): LockedPackage[] {
  const reached = new Set(names);
  // A set that grows while it is walked through is walked through to its new end.
  for (const name of reached) {
    for (const { dependencies } of lock.packages.filter((locked) => locked.name === name)) {
      for (const dependency of dependencies) reached.add(dependency);
    }
  }
  return lock.packages.filter(({ name }) => reached.has(name));
}

/** Splits `@scope/name@1.2.3_peer@4.5.6`; a name alone has an empty version. */
function splitId(id: string): { name: string; version: string } {
  const at = id.indexOf("@", 1);
  if (at === -1) return { name: id, version: "" };
  const [version = ""] = id.slice(at + 1).split("_");
  return { name: id.slice(0, at), version };
}
