/**
 * Lists what changed in `deno.lock` since a commit, and fails on what must not be merged:
 * `deno task lock-review [COMMIT]`, by default since the last one. No registry is asked.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { capture, ROOT } from "./command.ts";
import { cachedLicenses } from "./supply_chain/licenses.ts";
import { parseLockFile } from "./supply_chain/lock_file.ts";
import { reviewLockFile } from "./supply_chain/review.ts";

const commit = Deno.args[0] ?? "HEAD";
const before = await capture("git", ["show", `${commit}:deno.lock`]);
if (before === undefined) {
  console.error(`there is no deno.lock in the commit "${commit}"`);
  Deno.exit(2);
}
const { report, problems } = await reviewLockFile(
  parseLockFile(before),
  parseLockFile(await Deno.readTextFile(new URL("deno.lock", ROOT))),
  await cachedLicenses(),
);
console.log(`## Changes of deno.lock since ${commit}\n\n${report}`);
if (problems.length > 0) {
  console.log(`\nNot to be merged:\n\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
  Deno.exit(1);
}
