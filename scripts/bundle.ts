/**
 * Bundles the exporter into one JavaScript file: `deno task bundle [--output FILE]`.
 *
 * @module
 */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { writeBundle } from "./bundle/write.ts";

const { values } = parseArgs({ args: Deno.args, options: { output: { type: "string" } } });
const output = values.output ?? "build/nbu_exporter.js";
await Deno.mkdir(dirname(output), { recursive: true });
await writeBundle(output);
