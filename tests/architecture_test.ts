import assert from "node:assert/strict";
import { readModuleGraph, sourceFiles } from "../scripts/architecture/graph.ts";
import { violationsOf } from "../scripts/architecture/violations.ts";

Deno.test("every file of src/ imports only from rooms below its own, and nothing in a cycle", async () => {
  const violations = violationsOf(await readModuleGraph(await sourceFiles()));
  assert.equal(violations.length, 0, `\n${violations.join("\n")}\nARCHITECTURE.md has the order`);
});
