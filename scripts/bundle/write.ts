/**
 * Writes the exporter as one JavaScript file.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { run } from "../command.ts";
import { writeBundleEntry } from "../stamp.ts";
import { asciiOnly } from "./ascii.ts";

const LOADER = new URL("load.ts", import.meta.url);

/** Writes the bundle: the loader, and the program as a function. */
export async function writeBundle(output: string): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_bundle_" });
  try {
    // Not minified: the start is no faster for it, and to keep the names, for the stacks of errors, costs
    // a tenth more processor time ever after, as Deno 2.9.6 does it where a function is created.
    const flags = ["--format", "cjs"];
    const program = await bundle(await writeBundleEntry(), join(directory, "program.js"), flags);
    const loader = await bundle(LOADER.pathname, join(directory, "loader.js"), []);
    await Deno.writeTextFile(output, joined(loader, asciiOnly(program)));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function bundle(entry: string, file: string, flags: readonly string[]): Promise<string> {
  const command = ["bundle", "--quiet", "--frozen", ...flags, "--output", file, entry];
  await run(Deno.execPath(), command);
  return await Deno.readTextFile(file);
}

function joined(loader: string, program: string): string {
  // A program of modules begins with "use strict", which one of CommonJS modules has to say.
  const before = `${loader}\nconst program = (require, module) => {"use strict";\n`;
  const digest = createHash("sha256").update(program).digest("hex");
  const linesBefore = before.split("\n").length - 2;
  const facts = `{ digest: "${digest}", url: import.meta.url, linesBefore: ${linesBefore} }`;
  return `${before}${program}\n};\nawait load(program, ${facts});\n`;
}
