import assert from "node:assert/strict";
import fc from "fast-check";
import { defineMetric } from "../../src/metrics/define.ts";
import { createdAt, familyBuilder, singleSample } from "../../src/metrics/family.ts";

const volume = defineMetric("volume_bytes", "gauge", "Help", ["site", "name"]);

Deno.test("familyBuilder() keeps the first value of a series and reports the second", () => {
  const family = familyBuilder(volume);
  assert.equal(family.set({ site: "a", name: "x" }, 1), true);
  assert.equal(family.set({ name: "x", site: "a" }, 2), false);
  assert.deepEqual(family.build().samples, [{ labels: { site: "a", name: "x" }, value: 1 }]);
});

Deno.test("familyBuilder() adds to a series, which begins at 0", () => {
  const family = familyBuilder(volume);
  family.add({ site: "a", name: "x" }, 2);
  family.add({ site: "a", name: "y" }, 0);
  family.add({ site: "a", name: "x" }, 3);
  assert.deepEqual(family.build().samples.map(({ value }) => value), [5, 0]);
});

Deno.test("familyBuilder() does not change what it has built before", () => {
  const family = familyBuilder(volume);
  family.add({ site: "a", name: "x" }, 1);
  const before = family.build();
  family.add({ site: "a", name: "x" }, 1);
  family.add({ site: "a", name: "y" }, 1);
  assert.deepEqual(before.samples, [{ labels: { site: "a", name: "x" }, value: 1 }]);
});

Deno.test("familyBuilder() gives a family another version whenever its samples differ, and no other", () => {
  const family = familyBuilder(volume);
  const versions: (object | undefined)[] = [];
  const differs = () => {
    const { version } = family.build();
    assert.ok(version);
    assert.equal(family.build().version, version);
    const isNew = !versions.includes(version);
    versions.push(version);
    return isNew;
  };
  assert.ok(differs());
  family.set({ site: "a", name: "x" }, 1);
  assert.ok(differs());
  family.set({ site: "a", name: "x" }, 2);
  assert.ok(!differs(), "the first value stays");
  family.add({ site: "a", name: "x" }, 1);
  assert.ok(differs());
  family.add({ site: "a", name: "y" }, 0);
  assert.ok(differs());
  assert.notEqual(familyBuilder(volume).build().version, familyBuilder(volume).build().version);
});

Deno.test("createdAt() keeps the version of a family", () => {
  const counter = familyBuilder(defineMetric("x_total", "counter", "Help", ["site"]));
  counter.add({ site: "a" }, 1);
  const family = counter.build();
  assert.equal(createdAt(family, 5).version, family.version);
});

Deno.test("familyBuilder() writes labels in the order of the definition, and no others", () => {
  const family = familyBuilder(volume);
  const labels = { extra: "no", name: "x", site: "a" };
  family.set(labels, 1);
  family.add({ ...labels, name: "y" }, 1);
  const expected = [["site", "name"], ["site", "name"]];
  assert.deepEqual(family.build().samples.map((sample) => Object.keys(sample.labels)), expected);
  assert.deepEqual(Object.keys(singleSample(volume, labels, 1).samples[0]?.labels ?? {}), [
    "site",
    "name",
  ]);
});

Deno.test("familyBuilder() tells label sets apart whatever their text", () => {
  const value = fc.oneof(fc.string(), fc.constantFrom("1|2", "|", ",b:", '","', "", "\\", "\n"));
  const pair = fc.tuple(value, value);
  fc.assert(fc.property(fc.array(pair), (pairs) => {
    const family = familyBuilder(volume);
    for (const [site, name] of pairs) family.set({ site, name }, 1);
    const distinct = pairs.filter(([site, name], index) =>
      pairs.findIndex((other) => other[0] === site && other[1] === name) === index
    );
    assert.equal(family.build().samples.length, distinct.length);
  }));
});

Deno.test("familyBuilder() takes for one series what the page cannot tell apart", () => {
  const family = familyBuilder(volume);
  family.set({ site: "a", name: "\ud800" }, 1);
  assert.equal(family.set({ site: "a", name: "\udc00" }, 2), false);
});

Deno.test("singleSample() makes a family of one line", () => {
  const { definition, samples } = singleSample(volume, { site: "a", name: "x" }, 7);
  assert.equal(definition, volume);
  assert.deepEqual(samples, [{ labels: { site: "a", name: "x" }, value: 7 }]);
});
