import assert from "node:assert/strict";
import { junitTotals } from "../../scripts/junit.ts";

Deno.test("junitTotals() adds up the suites", () => {
  const xml = `<?xml version="1.0"?><testsuites name="deno test" tests="7" failures="2">
    <testsuite name="a" tests="4" disabled="1" errors="0" failures="1"></testsuite>
    <testsuite name="b" tests="3" disabled="0" errors="1" failures="0"></testsuite>
  </testsuites>`;
  assert.deepEqual(junitTotals(xml), { passed: 4, failures: 2, skipped: 1 });
});
