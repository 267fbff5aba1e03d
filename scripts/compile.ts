/**
 * Compiles one self-contained executable: `deno task compile [--target TRIPLE] [--output FILE]`.
 * `--allow-net`, `--allow-read`, `--allow-write` and `--allow-env` limit a permission to a list.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { parseArgs } from "node:util";
import { checkProduct } from "./check_product.ts";
import { spawnInherited } from "./command.ts";
import { limitedFlags } from "./run_flags.ts";
import { buildInfo, writeStampedEntry } from "./stamp.ts";

const { values: { target = Deno.build.target, output = "build/nbu_exporter", ...permissions } } =
  parseArgs({
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
const { code } = await spawnInherited(Deno.execPath(), [
  "compile",
  // One bundled module. Without it, Deno 2.9.6 overflows its stack while it embeds the packages' own
  // test data (bintrees 1.0.2).
  "--bundle",
  "--frozen",
  ...limitedFlags(permissions),
  "--target",
  target,
  "--output",
  output,
  await writeStampedEntry(),
]);
if (code !== 0) {
  fail(`"deno compile" ended with code ${code}; its message is above`);
} else if (target !== Deno.build.target) {
  console.log(`${output} was not run: it is for ${target}, and this is ${Deno.build.target}`);
} else {
  try {
    await checkProduct(output, await buildInfo());
    console.log(`wrote ${output}`);
  } catch (error) {
    await Deno.remove(output);
    fail(`${error instanceof Error ? error.message : error}; it is removed again`);
  }
}

function fail(reason: string): void {
  const { deno } = Deno.version;
  console.error(`
cannot compile: ${reason}

"deno compile" puts the program into Deno's base runtime, "denort", of the same version and for the
platform of the target. It takes it from the first of these:
  - the file that the variable DENORT_BIN names ("deno" itself is no such file)
  - DENO_DIR/dl/release/v${deno}/denort-${target}.zip, see "deno info" for DENO_DIR
  - https://dl.deno.land/release/v${deno}/denort-${target}.zip

Where it cannot be had, "deno task package" makes one self-contained file from the Deno that is here.`);
  Deno.exitCode = 1;
}
