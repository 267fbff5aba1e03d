import assert from "node:assert/strict";
import * as v from "valibot";
import { text } from "../../src/netbackup/fields.ts";
import { listOf, nested, requiredText } from "../../src/netbackup/nested_fields.ts";

const path = v.object({ driveName: text(), deviceHost: text() });
const paths = v.object({ paths: listOf(path) });
const robot = v.object({ robot: nested(v.object({ type: text("NONE") })) });

Deno.test("listOf() reads a list of objects; missing and null are an empty one", () => {
  const parsed = v.parse(paths, { paths: [{ driveName: "a", other: 1 }, { deviceHost: null }] });
  assert.deepEqual(parsed.paths, [{ driveName: "a", deviceHost: "" }, {
    driveName: "",
    deviceHost: "",
  }]);
  for (const value of [{}, { paths: null }, { paths: [] }]) {
    assert.deepEqual(v.parse(paths, value).paths, []);
  }
});

Deno.test("listOf() refuses what is no list, and an element that does not fit", () => {
  for (const value of ["a", {}, 5, [null], ["a"], [{ driveName: 5 }]]) {
    assert.equal(v.safeParse(paths, { paths: value }).success, false, JSON.stringify(value));
  }
});

Deno.test("nested() reads an object; missing and null are one without any fields", () => {
  assert.equal(v.parse(robot, { robot: { type: "TLD" } }).robot.type, "TLD");
  for (const value of [{}, { robot: null }, { robot: {} }, { robot: { type: null } }]) {
    assert.equal(v.parse(robot, value).robot.type, "NONE", JSON.stringify(value));
  }
  for (const value of ["TLD", 5, { type: 5 }]) {
    assert.equal(v.safeParse(robot, { robot: value }).success, false, JSON.stringify(value));
  }
});

Deno.test("requiredText() takes a text that is not empty", () => {
  assert.equal(v.parse(requiredText(), "x"), "x");
  for (const value of ["", null, undefined, 5]) {
    assert.equal(v.safeParse(requiredText(), value).success, false);
  }
});
