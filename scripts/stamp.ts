/**
 * The entry point of a build: `main.ts` with version and commit stamped in.
 *
 * @module
 */
import denoJson from "../deno.json" with { type: "json" };
import { capture, ROOT } from "./command.ts";

/**
 * Writes `build/entry.ts`.
 *
 * @returns Its path.
 */
export async function writeStampedEntry(): Promise<string> {
  const commit = Deno.env.get("NBU_BUILD_COMMIT") ??
    await capture("git", ["rev-parse", "--short=12", "HEAD"]) ?? "unknown";
  const build = { version: denoJson.version, commit };
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
