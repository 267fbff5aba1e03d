import assert from "node:assert/strict";
import fc from "fast-check";
import { interpolate } from "../../../src/config/file/interpolate.ts";

const lookup = (variables: Record<string, string>) => (name: string) =>
  Object.hasOwn(variables, name) ? variables[name] : undefined;

Deno.test("interpolate() replaces each ${NAME}, as often as it stands there", () => {
  const result = interpolate("${A}-${B_2}${A}", lookup({ A: "x", B_2: "" }));
  assert.deepEqual(result, { text: "x-x", names: ["A", "B_2"], missing: [] });
});

Deno.test("interpolate() leaves everything else as it is", () => {
  for (
    const text of ["$A", "${A:-x}", "${}", "${1A}", "${A B}", "${A", "$(A)", "{A}", "$$", "${a.b}"]
  ) {
    assert.deepEqual(interpolate(text, lookup({ A: "no" })), { text, names: [], missing: [] });
  }
  assert.equal(interpolate("$${A}", lookup({ A: "x" })).text, "$x");
});

Deno.test("interpolate() names all missing variables, each once", () => {
  const result = interpolate("${X} ${Y} ${X} ${Z}", lookup({ Z: "z" }));
  assert.deepEqual(result, {
    text: "${X} ${Y} ${X} z",
    names: ["X", "Y", "Z"],
    missing: ["X", "Y"],
  });
});

Deno.test("interpolate() never looks into a value, whatever is in it", () => {
  const values = fc.oneof(
    fc.string(),
    fc.constantFrom("${B}", "${A}", "$&", "$1", "$`", "${A}${B}", "{B}", "$"),
  );
  fc.assert(fc.property(values, fc.string(), fc.string(), (value, before, after) => {
    fc.pre(!`${before}${after}`.includes("$"));
    const variables = lookup({ A: value, B: "must not appear here" });
    assert.equal(interpolate(`${before}\${A}${after}`, variables).text, before + value + after);
  }));
});
