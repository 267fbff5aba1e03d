/**
 * The exporter packed into one file, for the tests that run it.
 *
 * @module
 */
import { join } from "node:path";

const ROOT = new URL("../..", import.meta.url);

/** The commit that packages of tests name. */
export const PACKAGE_COMMIT = "0123456789ab";

/** A package. */
export interface BuiltPackage {
  /** The executable. */
  readonly file: string;
  /** A folder of this user, for what it unpacks: `CACHE_DIRECTORY`. */
  readonly cache: string;
  /** Removes all of it. */
  remove(): Promise<void>;
}

/**
 * Runs the task `package`, which leaves `build/` behind only where it was before.
 *
 * @throws Error With all that the task has said, when it fails.
 */
export async function buildPackage(): Promise<BuiltPackage> {
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_package_" });
  const file = join(directory, "nbu_exporter");
  const cache = join(directory, "cache");
  await Deno.mkdir(cache, { mode: 0o755 });
  const build = new URL("build/", ROOT);
  const existed = await Deno.stat(build).then(() => true, () => false);
  try {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "package", "--output", file, "--compression", "1"],
      cwd: ROOT,
      env: { NO_COLOR: "1", NBU_BUILD_COMMIT: PACKAGE_COMMIT },
    }).output();
    if (!success) {
      const decoder = new TextDecoder();
      throw new Error(`the task failed: ${decoder.decode(stdout)}${decoder.decode(stderr)}`);
    }
  } finally {
    if (!existed) await Deno.remove(build, { recursive: true }).catch(() => {});
  }
  return { file, cache, remove: () => Deno.remove(directory, { recursive: true }) };
}
