import assert from "node:assert/strict";
import { namesOf, unusedExports } from "../scripts/architecture/exports.ts";
import { filesIn, readModuleGraph, sourceFiles } from "../scripts/architecture/graph.ts";
import { violationsOf } from "../scripts/architecture/violations.ts";
import { ROOT } from "../scripts/command.ts";

Deno.test("every file of src/ imports only from layers below its own, and nothing in a cycle", async () => {
  const violations = violationsOf(await readModuleGraph(await sourceFiles()));
  assert.equal(violations.length, 0, `\n${violations.join("\n")}\nARCHITECTURE.md has the order`);
});

Deno.test("every value that a file exports is imported by another", async () => {
  const folders = await Promise.all(["bench/", "scripts/", "src/", "tests/"].map(filesIn));
  const modules = await Promise.all(
    ["main.ts", ...folders.flat()].map(async (path) =>
      namesOf(path, await Deno.readTextFile(new URL(path, ROOT)))
    ),
  );
  const unused = unusedExports(modules);
  assert.equal(unused.length, 0, `\n${unused.join("\n")}`);
});
