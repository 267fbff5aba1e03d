import assert from "node:assert/strict";
import { lineCoverage } from "../../scripts/coverage.ts";

const record = (file: string, ...lines: [number, number][]) =>
  [`SF:${file}`, ...lines.map(([line, hits]) => `DA:${line},${hits}`), "end_of_record"].join("\n");

Deno.test("lineCoverage() adds up the lines of one directory", () => {
  const lcov = [
    record("/p/src/a.ts", [1, 1], [2, 0]),
    record("/p/tests/b.ts", [1, 0], [2, 0]),
    record("/p/src/c.ts", [1, 5], [2, 1]),
  ].join("\n");
  assert.deepEqual(lineCoverage(lcov, "/p/src/"), {
    percent: 75,
    files: [{ file: "a.ts", percent: 50 }, { file: "c.ts", percent: 100 }],
  });
});

Deno.test("lineCoverage() takes a line as covered when one of several records has it", () => {
  const lcov = `${record("/p/src/a.ts", [1, 0])}\n${record("/p/src/a.ts", [1, 2])}`;
  assert.equal(lineCoverage(lcov, "/p/src/").percent, 100);
});

Deno.test("lineCoverage() of an empty report is 0, so that a run without coverage fails", () => {
  assert.equal(lineCoverage("", "/p/src/").percent, 0);
});
