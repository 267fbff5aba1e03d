/**
 * Packs the exporter into one self-contained file with the Deno that is at hand:
 * `deno task package [--output FILE] [--deno FILE] [--compression 1…9]`.
 *
 * It needs no base runtime of Deno, hence no network, and what it makes runs wherever there is a POSIX
 * shell and that Deno runs. For another processor name its Deno with `--deno`, of the same version.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { writeBundle } from "./bundle/write.ts";
import { checkProduct } from "./check_product.ts";
import { writePackage } from "./package/write.ts";
import { OFFLINE_FLAGS, RUN_FLAGS } from "./run_flags.ts";
import { buildInfo } from "./stamp.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    output: { type: "string", default: "build/nbu_exporter" },
    deno: { type: "string" },
    compression: { type: "string", default: "9" },
  },
});
const { output, deno = Deno.execPath() } = values;
const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_package_" });
try {
  const programFile = join(directory, "nbu_exporter.js");
  await writeBundle(programFile);
  const build = await buildInfo();
  await Deno.mkdir(dirname(output), { recursive: true });
  await writePackage({
    ...build,
    programFile,
    denoFile: deno,
    denoVersion: Deno.version.deno,
    flags: [...OFFLINE_FLAGS, ...RUN_FLAGS],
    compression: Number(values.compression),
    output,
  });
  if (values.deno === undefined) {
    await checkProduct(output, build, { env: { CACHE_DIRECTORY: directory } });
  } else {
    console.log(`${output} was not run, as it holds another Deno than this one`);
  }
  const megabytes = (await Deno.stat(output)).size / 1e6;
  console.log(`wrote ${output}, ${megabytes.toFixed(0)} MB`);
} catch (error) {
  console.error(`cannot make a package: ${error instanceof Error ? error.message : error}`);
  Deno.exitCode = 1;
} finally {
  await Deno.remove(directory, { recursive: true });
}
