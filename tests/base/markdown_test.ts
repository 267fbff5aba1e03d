import assert from "node:assert/strict";
import { markdownTable } from "../../src/base/markdown.ts";

Deno.test("markdownTable() pads its columns and escapes pipes, which would begin a new cell", () => {
  assert.equal(
    markdownTable(["Name", "What"], [["`|A|`", "x"], ["b", "long text"]]),
    [
      "| Name    | What      |",
      "| ------- | --------- |",
      "| `\\|A\\|` | x         |",
      "| b       | long text |",
    ].join("\n"),
  );
});
