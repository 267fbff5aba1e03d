/**
 * Checks an executable that was built by running it.
 *
 * @module
 */
import { resolve } from "node:path";
import type { BuildInfo } from "../src/base/build_info.ts";

/** How it is run. */
export interface CheckProductOptions {
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs `FILE version` and compares what it prints with what was built.
 *
 * @throws Error When the file cannot be run, or is not this build of the exporter.
 */
export async function checkProduct(
  file: string,
  { version, commit }: BuildInfo,
  { env = {} }: CheckProductOptions = {},
): Promise<void> {
  const expected = `nbu_exporter ${version} (commit ${commit}, `;
  const output = await new Deno.Command(resolve(file), {
    args: ["version"],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const printed = decoder.decode(output.stdout);
  if (output.success && printed.startsWith(expected)) return;
  const said = `${printed}${decoder.decode(output.stderr)}`.trim().split("\n")[0] ?? "";
  throw new Error(
    `"${file} version" does not print "${expected}…" but "${said}": it is not this build of the exporter`,
  );
}
