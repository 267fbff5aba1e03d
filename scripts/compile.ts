/**
 * Compiles one self-contained executable: `deno task compile [--target TRIPLE] [--output FILE]`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { run } from "./command.ts";
import { RUN_FLAGS } from "./run_flags.ts";
import { writeStampedEntry } from "./stamp.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { target: { type: "string" }, output: { type: "string" } },
});

const entry = await writeStampedEntry();
await run(Deno.execPath(), [
  "compile",
  // One bundled module, as `deno task bundle` makes it and the tests run it. Without it, Deno 2.9.6
  // overflows its stack while it embeds the packages' own test data (bintrees 1.0.2).
  "--bundle",
  "--frozen",
  ...RUN_FLAGS,
  ...(values.target ? ["--target", values.target] : []),
  "--output",
  values.output ?? "build/nbu_exporter",
  entry,
]);
