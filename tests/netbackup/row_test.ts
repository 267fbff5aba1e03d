import assert from "node:assert/strict";
import * as v from "valibot";
import { flag, numeric, optionalNumeric, text } from "../../src/netbackup/fields.ts";
import { requiredText } from "../../src/netbackup/nested_fields.ts";
import { row } from "../../src/netbackup/row.ts";

const schema = row({ name: text("UNKNOWN"), size: optionalNumeric(0), full: flag() });

Deno.test("row() puts the id and the named attributes on one level, and leaves out the rest", () => {
  const parsed = v.parse(schema, {
    id: "x",
    type: "disk",
    attributes: { name: "one", size: "12", full: "true", other: { deep: 1 } },
    links: {},
  });
  const typed: { readonly id: string; readonly size: number | undefined } = parsed;
  assert.deepEqual(typed, { id: "x", name: "one", size: 12, full: true });
});

Deno.test("row() gives the defaults for missing and null fields", () => {
  const expected = { id: "x", name: "UNKNOWN", size: undefined, full: false };
  for (const attributes of [{}, null, undefined, { name: null, size: null, full: null }]) {
    assert.deepEqual(v.parse(schema, { id: "x", attributes }), expected);
  }
  assert.deepEqual(v.parse(schema, { id: "x" }), expected);
});

Deno.test("row() takes the id as text, also where it is a number or missing", () => {
  const idOf = (id: unknown) => v.parse(schema, { id, attributes: {} }).id;
  assert.equal(idOf("a"), "a");
  assert.equal(idOf(17), "17");
  for (const id of [undefined, null, {}, true]) assert.equal(idOf(id), "");
  assert.equal(v.parse(schema, { attributes: {} }).id, "");
});

Deno.test("row() refuses what is no row, and a field of a wrong type", () => {
  for (
    const bad of [
      ...[null, undefined, 1, "row"],
      { attributes: "text" },
      { attributes: { size: "many" } },
      { attributes: { name: 5 } },
    ]
  ) {
    assert.equal(v.safeParse(schema, bad).success, false, JSON.stringify(bad));
  }
});

Deno.test("row() refuses a row that lacks what it cannot do without", () => {
  const strict = row({ name: requiredText() });
  assert.equal(v.parse(strict, { attributes: { name: "x" } }).name, "x");
  for (const attributes of [{}, null, { name: "" }, { name: null }, { name: 5 }]) {
    assert.equal(v.safeParse(strict, { attributes }).success, false, JSON.stringify(attributes));
  }
});

Deno.test("row() without fields is the id", () => {
  assert.deepEqual(v.parse(row({}), { id: "host", type: "deviceHost" }), { id: "host" });
});

Deno.test("the compiler knows the fields of a row and their types", () => {
  const parsed = v.parse(row({ count: numeric(0) }), { id: "x" });
  const wrong = () => {
    // @ts-expect-error A number.
    const text: string = parsed.count;
    // @ts-expect-error There is no such field.
    return [text, parsed.counts];
  };
  assert.equal(typeof wrong, "function");
  assert.equal(parsed.count, 0);
});
