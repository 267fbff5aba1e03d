/**
 * Compiles one self-contained executable: `deno task compile [--target TRIPLE] [--output FILE]`.
 * `--allow-net`, `--allow-read`, `--allow-write` and `--allow-env` limit a permission to a list.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { run } from "./command.ts";
import { limitedFlags } from "./run_flags.ts";
import { writeStampedEntry } from "./stamp.ts";

const { values: { target, output = "build/nbu_exporter", ...permissions } } = parseArgs({
  args: Deno.args,
  options: {
    target: { type: "string" },
    output: { type: "string" },
    "allow-net": { type: "string" },
    "allow-read": { type: "string" },
    "allow-write": { type: "string" },
    "allow-env": { type: "string" },
  },
});

const flags = limitedFlags(permissions);
const entry = await writeStampedEntry();
await run(Deno.execPath(), [
  "compile",
  // One bundled module, as `deno task bundle` makes it and the tests run it. Without it, Deno 2.9.6
  // overflows its stack while it embeds the packages' own test data (bintrees 1.0.2).
  "--bundle",
  "--frozen",
  ...flags,
  ...(target ? ["--target", target] : []),
  "--output",
  output,
  entry,
]);
