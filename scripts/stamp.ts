/**
 * The entry point of a build: `main.ts` with version and commit stamped in.
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
 * Writes `build/entry.ts`.
 *
 * @returns Its path.
 */
export async function writeStampedEntry(): Promise<string> {
  const build = await buildInfo();
  const source = [
    `import { boot } from "../src/cli/boot.ts";`,
    ``,
    `await boot(${JSON.stringify(build)});`,
    ``,
  ].join("\n");
  const directory = new URL("build/", ROOT);
  await Deno.mkdir(directory, { recursive: true });
  const entry = new URL("entry.ts", directory).pathname;
  await Deno.writeTextFile(entry, source);
  return entry;
}
