import assert from "node:assert/strict";
import { cyclesOf } from "../../scripts/architecture/cycles.ts";
import { namesOf, unusedExports } from "../../scripts/architecture/exports.ts";
import { readModuleGraph, type SourceFile, sourceFiles } from "../../scripts/architecture/graph.ts";
import { layerIndexOf, LAYERS } from "../../scripts/architecture/layers.ts";
import { layerTable } from "../../scripts/architecture/table.ts";
import { violationsOf } from "../../scripts/architecture/violations.ts";

const file = (path: string, ...files: string[]): SourceFile => ({ path, files, packages: [] });

Deno.test("violationsOf() accepts imports within a layer and from layers below", () => {
  assert.deepEqual(
    violationsOf([
      file("main.ts", "src/cli.ts", "src/base/secret.ts"),
      file("src/cli.ts", "src/cli/check.ts", "src/app.ts"),
      file("src/cli/check.ts", "src/config/load.ts"),
      file("src/app.ts", "src/server/app.ts", "src/site/site.ts"),
      file("src/base/build_info.ts", "deno.json"),
    ]),
    [],
  );
});

Deno.test("violationsOf() names the file and the import that goes upwards", () => {
  assert.deepEqual(violationsOf([file("src/state/file.ts", "src/config/types.ts")]), [
    '"src/state/file.ts" imports "src/config/types.ts": src/state is below src/config',
  ]);
  assert.deepEqual(violationsOf([file("src/site/site.ts", "src/server/state.ts")]), [
    '"src/site/site.ts" imports "src/server/state.ts": src/site is below src/server',
  ]);
  assert.deepEqual(violationsOf([file("src/base/clock.ts", "src/telemetry/logger.ts")]).length, 1);
});

Deno.test("violationsOf() names files and imports that are in no layer", () => {
  assert.deepEqual(violationsOf([file("src/extra/a.ts")]), [
    '"src/extra/a.ts" is in no layer: add it to scripts/architecture/layers.ts',
  ]);
  assert.deepEqual(violationsOf([file("src/app.ts", "tests/testing/fake_clock.ts")]), [
    '"src/app.ts" imports "tests/testing/fake_clock.ts", which is in no layer',
  ]);
});

Deno.test("violationsOf() names cycles between files of one layer, and between layers", () => {
  assert.deepEqual(
    violationsOf([
      file("src/config/a.ts", "src/config/b.ts"),
      file("src/config/b.ts", "src/config/c.ts"),
      file("src/config/c.ts", "src/config/a.ts"),
    ]),
    ["files import each other: src/config/a.ts, src/config/b.ts, src/config/c.ts"],
  );
  const between = violationsOf([
    file("src/site/a.ts", "src/metrics/a.ts"),
    file("src/metrics/b.ts", "src/site/b.ts"),
  ]);
  assert.deepEqual(between.slice(1), ["layers import each other: src/metrics, src/site"]);
});

Deno.test("cyclesOf() finds every cycle, a node that points at itself included", () => {
  const edges = new Map([
    ["a", ["b", "d"]],
    ["b", ["c"]],
    ["c", ["b", "d"]],
    ["d", ["d"]],
    ["e", ["a", "f"]],
    ["f", ["unknown"]],
  ]);
  assert.deepEqual(cyclesOf(edges), [["b", "c"], ["d"]]);
  assert.deepEqual(cyclesOf(new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", []]])), []);
});

Deno.test("readModuleGraph() sees code, types and packages, also of files nobody imports", async () => {
  const files = await sourceFiles();
  assert.ok(files.includes("main.ts") && files.length > 100);
  const graph = await readModuleGraph(files);
  const paths = graph.map(({ path }) => path);
  for (const path of files) assert.ok(paths.includes(path), path);
  const schema = graph.find(({ path }) => path === "src/config/schema/schema.ts");
  assert.ok(schema?.packages.includes("valibot"));

  // This file imports one file of `src/` for its types alone, and nothing in `src/` imports it.
  const [fake] = await readModuleGraph(["tests/testing/recording_logger.ts"]).then((found) =>
    found.filter(({ path }) => path === "tests/testing/recording_logger.ts")
  );
  assert.ok(fake?.files.includes("src/telemetry/logger.ts"));
  const source = await Deno.readTextFile(
    new URL("../testing/recording_logger.ts", import.meta.url),
  );
  assert.match(source, /import type \{[^}]*\} from "\.\.\/\.\.\/src\/telemetry\/logger\.ts"/);
});

Deno.test("readModuleGraph() refuses an import that does not resolve", async () => {
  await assert.rejects(readModuleGraph(["src/there_is_no_such_file.ts"]), /there_is_no_such_file/);
});

Deno.test("layerTable() has a row for every layer, with layers in their order and packages", () => {
  const rows = layerTable([
    { path: "src/app.ts", files: ["src/base/a.ts", "src/server/a.ts"], packages: ["hono", "ajv"] },
  ]).split("\n");
  assert.equal(rows.length, LAYERS.length + 2);
  const cells = rows[(layerIndexOf("src/app.ts") ?? 0) + 2]?.split("|").map((cell) => cell.trim());
  assert.deepEqual(cells?.slice(3, 5), ["`src/server`, `src/base`", "`ajv`, `hono`"]);
});

/** Files with these texts, as `unusedExports()` takes them. */
function modules(files: Readonly<Record<string, string>>): ReturnType<typeof namesOf>[] {
  return Object.entries(files).map(([path, source]) => namesOf(path, source));
}

Deno.test("unusedExports() names each kind of value that no other file imports, and no type", () => {
  const source = [
    "export const a = 1;",
    "export function b() {}",
    "export async function c() {}",
    "export class D {}",
    "export abstract class E {}",
    "export interface F {}",
    "export type G = 1;",
    "const h = a;",
  ].join("\n");
  assert.deepEqual(
    unusedExports(modules({ "src/a.ts": source })),
    ["a", "b", "c", "D", "E"].map((name) =>
      `"src/a.ts" exports ${name}, which no other file imports`
    ),
  );
});

Deno.test("unusedExports() follows imports of every form", () => {
  const value = "export const a = 1;";
  for (
    const use of [
      'import { a } from "./a.ts";',
      'import { type B, a as c } from "./a.ts";',
      'import {\n  a,\n  b,\n} from "./a.ts";',
      'import type { a } from "./a.ts";',
      'import * as all from "./a.ts";',
      'export { a } from "./a.ts";',
      '  const { a } = await import("./a.ts");',
      '  const { a: c, b } = await import("./a.ts");',
      '  const all = await import("./a.ts");',
    ]
  ) assert.deepEqual(unusedExports(modules({ "src/a.ts": value, "src/b.ts": use })), [], use);
  for (
    const other of [
      'import { ab } from "./a.ts";',
      'import { b as a } from "./a.ts";',
      'import { a } from "../a.ts";',
      '  const { b } = await import("./a.ts");',
      'export * from "./a.ts";',
    ]
  ) assert.equal(unusedExports(modules({ "src/a.ts": value, "src/b.ts": other })).length, 1, other);
});

Deno.test("unusedExports() looks through files that pass on what others export", () => {
  const found = unusedExports(modules({
    "src/a.ts": "export const a = 1;\nexport const b = 2;",
    "src/all.ts": 'export * from "./a.ts";',
    "src/b.ts": 'import { a } from "./all.ts";',
  }));
  assert.deepEqual(found, ['"src/a.ts" exports b, which no other file imports']);
});
