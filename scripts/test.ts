/**
 * Everything the tests need, then the tests: `deno task test`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { capture, ROOT, run, spawnInherited } from "./command.ts";
import { COVERAGE_LIMIT_PERCENT, lineCoverage } from "./coverage.ts";
import { junitTotals } from "./junit.ts";
import { ensureTools } from "./tools.ts";

const deno = Deno.execPath();
const frozen = Deno.env.get("CI") ? ["--frozen"] : [];
const coverageDir = new URL("coverage/", ROOT).pathname;
const junitFile = `${coverageDir}junit.xml`;

for (const tool of await ensureTools()) {
  console.log(
    `skipped: tests that need "${tool}", which is not installed and cannot be installed here`,
  );
}

await run(deno, ["fmt", "--check"]);
await run(deno, ["lint"]);
await run(deno, ["check", "--doc", ...frozen, "main.ts", "src/", "tests/", "bench/", "scripts/"]);

await Deno.remove(coverageDir, { recursive: true }).catch(() => {});
await Deno.mkdir(coverageDir, { recursive: true });
const status = await spawnInherited(deno, [
  "test",
  ...frozen,
  "-A",
  `--coverage=${coverageDir}profiles`,
  "--coverage-raw-data-only",
  `--junit-path=${junitFile}`,
  ...Deno.args,
  ...(Deno.args.some((arg) => arg.startsWith("tests/")) ? [] : ["tests/"]),
], { env: { NBU_COVERAGE_DIR: `${coverageDir}profiles` } });

const totals = junitTotals(await Deno.readTextFile(junitFile));
let failed = status.code !== 0;
if (Deno.args.length === 0) {
  const lcov = await capture(deno, [
    "coverage",
    "--lcov",
    `${coverageDir}profiles`,
    "--include=/src/",
  ]);
  const coverage = lineCoverage(lcov ?? "", new URL("src/", ROOT).pathname);
  for (
    const { file, percent } of coverage.files.filter((f) => f.percent < COVERAGE_LIMIT_PERCENT)
  ) {
    console.log(`  ${percent.toFixed(1).padStart(5)} %  ${file}`);
  }
  console.log(`line coverage of src/: ${coverage.percent.toFixed(1)} %`);
  if (coverage.percent < COVERAGE_LIMIT_PERCENT) {
    console.log(`coverage is below the limit of ${COVERAGE_LIMIT_PERCENT} %`);
    failed = true;
  }
}
const { passed, failures, skipped } = totals;
console.log(`tests: ${passed} passed, ${failures} failed, ${skipped} skipped`);
Deno.exit(failed ? 1 : 0);
