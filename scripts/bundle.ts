/**
 * Bundles the exporter into one JavaScript file: `deno task bundle [--output FILE]`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { run } from "./command.ts";
import { writeStampedEntry } from "./stamp.ts";

const { values } = parseArgs({ args: Deno.args, options: { output: { type: "string" } } });
const output = values.output ?? "build/nbu_exporter.js";
await run(Deno.execPath(), ["bundle", "--frozen", "--output", output, await writeStampedEntry()]);
