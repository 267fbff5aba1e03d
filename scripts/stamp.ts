/**
 * The entry points of builds: `main.ts` with version and commit stamped in.
 *
 * @module
 */
import denoJson from "../deno.json" with { type: "json" };
import type { BuildInfo } from "../src/base/build_info.ts";
import { capture, ROOT } from "./command.ts";

/** What is built: `NBU_BUILD_COMMIT`, where it is set, is the commit. */
export async function buildInfo(): Promise<BuildInfo> {
  const commit = Deno.env.get("NBU_BUILD_COMMIT") ??
    await capture("git", ["rev-parse", "--short=12", "HEAD"]) ?? "unknown";
  return { version: denoJson.version, commit };
}

/**
 * Writes `build/entry.ts`, which runs the exporter.
 *
 * @returns Its path.
 */
export async function writeStampedEntry(): Promise<string> {
  return await writeEntry("entry.ts", (build) => `await boot(${build});`);
}

/**
 * Writes `build/bundle_entry.ts`, which exports how the exporter is run.
 *
 * @returns Its path.
 */
export async function writeBundleEntry(): Promise<string> {
  return await writeEntry(
    "bundle_entry.ts",
    (build) => `export const run = (serving: () => void) => boot(${build}, serving);`,
  );
}

async function writeEntry(name: string, statement: (build: string) => string): Promise<string> {
  const source = [
    `import { boot } from "../src/cli/boot.ts";`,
    ``,
    statement(JSON.stringify(await buildInfo())),
    ``,
  ].join("\n");
  const directory = new URL("build/", ROOT);
  await Deno.mkdir(directory, { recursive: true });
  const entry = new URL(name, directory).pathname;
  await Deno.writeTextFile(entry, source);
  return entry;
}
