import assert from "node:assert/strict";
import { counter, defineMetric, definitionsOf, gauge } from "../../src/metrics/define.ts";
import { familyBuilder } from "../../src/metrics/family.ts";
import { lint } from "./_lint.ts";

Deno.test("defineMetric() types the label names and freezes the definition", () => {
  const definition = defineMetric("x_info", "gauge", "Help", ["site", "name"]);
  const label: "site" | "name" | undefined = definition.labels[0];
  assert.equal(label, "site");
  assert.ok(Object.isFrozen(definition) && Object.isFrozen(definition.labels));
  assert.equal(definition.maxSeries, 10_000);
  assert.deepEqual(definition.zeros, []);
});

Deno.test("gauge() defines a gauge with the label site in front of those it is given", () => {
  assert.deepEqual(gauge("x_bytes", "Help").labels, ["site"]);
  const zeros = { state: ["UP"] };
  const definition = gauge("x_bytes", "Help", ["state"], { maxSeries: 5, zeros });
  assert.equal(definition.type, "gauge");
  assert.deepEqual(definition.labels, ["site", "state"]);
  assert.deepEqual([definition.maxSeries, definition.zeros], [5, [{ state: "UP" }]]);
});

Deno.test("counter() defines a counter with the label site in front of those it is given", () => {
  const zeros = { state: ["UP"] };
  const definition = counter("x_total", "Help", ["state"], { maxSeries: 5, zeros });
  const type: "counter" = definition.type;
  assert.equal(type, "counter");
  assert.deepEqual(definition.labels, ["site", "state"]);
  assert.deepEqual([definition.maxSeries, definition.zeros], [5, [{ state: "UP" }]]);
  assert.ok(Object.isFrozen(definition));
});

Deno.test("a metric has a zero for each combination of values, and one where it has no labels", () => {
  const zerosOf = (zeros: { readonly x: readonly string[]; readonly y: readonly string[] }) =>
    gauge("x_bytes", "Help", ["x", "y"], { zeros }).zeros;
  assert.deepEqual(zerosOf({ x: ["1", "2"], y: ["3", "4"] }), [
    { x: "1", y: "3" },
    { x: "1", y: "4" },
    { x: "2", y: "3" },
    { x: "2", y: "4" },
  ]);
  assert.deepEqual(zerosOf({ x: ["1", "2"], y: [] }), []);
  assert.deepEqual(gauge("x_bytes", "Help", [], { zeros: {} }).zeros, [{}]);
});

Deno.test("definitionsOf() takes the definitions of a module and leaves out its bucket bounds", () => {
  const x = gauge("x_bytes", "Help");
  const y = gauge("y_bytes", "Help");
  assert.deepEqual(definitionsOf({ x, BOUNDS: [1, 2], y }), [x, y]);
});

Deno.test("the compiler refuses a wrong, a missing and an unknown label of a metric", () => {
  const capacity = defineMetric("x_bytes", "gauge", "Help", ["site", "name", "type"]);
  const family = familyBuilder(capacity);
  family.set({ site: "a", name: "x", type: "y" }, 1);
  // What is checked here is that these lines do not compile.
  const wrong = () => {
    // @ts-expect-error The label is called `name`.
    family.set({ site: "a", nme: "x", type: "y" }, 1);
    // @ts-expect-error The label `type` is missing.
    family.set({ site: "a", name: "x" }, 1);
    // @ts-expect-error There is no label `size`.
    family.set({ site: "a", name: "x", type: "y", size: "free" }, 1);
    // @ts-expect-error A zero needs all labels.
    gauge("x_bytes", "Help", ["name", "type"], { zeros: { name: ["x"] } });
    // @ts-expect-error A zero is one of every site.
    gauge("x_bytes", "Help", ["name"], { zeros: { site: ["a"], name: ["x"] } });
  };
  assert.equal(typeof wrong, "function");
  assert.equal(family.build().samples.length, 1);
});

Deno.test("the rules of promtool in these tests find what they are meant to find", () => {
  const find = (name: string, type: "gauge" | "counter" = "gauge", labels: string[] = []) =>
    lint(defineMetric(name, type, "Help", labels)).length;
  assert.equal(find("x_bytes"), 0);
  assert.equal(find("x_total", "counter"), 0);
  for (const bad of ["x_ms", "x_count", "x_total", "x_minutes", "x_gauge", "x:y", "fooBar"]) {
    assert.equal(find(bad), 1, bad);
  }
  assert.equal(find("x", "counter"), 1);
  assert.equal(find("x", "gauge", ["le"]), 1);
  assert.equal(lint(defineMetric("x", "gauge", "", [])).length, 1);
});
