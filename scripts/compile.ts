/**
 * Compiles one self-contained executable: `deno task compile [--target TRIPLE] [--output FILE]`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { run } from "./command.ts";
import { PERMISSIONS } from "./permissions.ts";
import { writeStampedEntry } from "./stamp.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { target: { type: "string" }, output: { type: "string" } },
});

const entry = await writeStampedEntry();
await run(Deno.execPath(), [
  "compile",
  "--frozen",
  ...PERMISSIONS,
  ...(values.target ? ["--target", values.target] : []),
  "--output",
  values.output ?? "build/nbu_exporter",
  entry,
]);
