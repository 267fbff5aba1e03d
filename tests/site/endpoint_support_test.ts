import assert from "node:assert/strict";
import { EndpointSupport } from "../../src/site/endpoint_support.ts";

const HOUR = 3_600_000;

function makeSupport(): { support: EndpointSupport; at: (hour: number) => EndpointSupport } {
  let now = 0;
  const support = new EndpointSupport(() => now);
  return {
    support,
    at: (hour) => {
      now = hour * HOUR;
      return support;
    },
  };
}

Deno.test("EndpointSupport knows nothing at first", () => {
  const { support } = makeSupport();
  assert.equal(support.works("/x", "14.0"), false);
  assert.equal(support.isMissing("/x", "14.0"), false);
});

Deno.test("EndpointSupport remembers for a day what is missing", () => {
  const { at } = makeSupport();
  at(1).note("/x", "14.0", false);
  assert.equal(at(1).isMissing("/x", "14.0"), true);
  assert.equal(at(24.9).isMissing("/x", "14.0"), true);
  assert.equal(at(25).isMissing("/x", "14.0"), false);
  at(25).note("/x", "14.0", false);
  assert.equal(at(48).isMissing("/x", "14.0"), true);
});

Deno.test("EndpointSupport asks again after a quarter of an hour where it is not certain, then daily", () => {
  const { at } = makeSupport();
  at(1).note("/x", "14.0", false, false);
  assert.equal(at(1.2).isMissing("/x", "14.0"), true);
  assert.equal(at(1.25).isMissing("/x", "14.0"), false);
  at(1.25).note("/x", "14.0", false, false);
  assert.equal(at(25).isMissing("/x", "14.0"), true);
  assert.equal(at(25.25).isMissing("/x", "14.0"), false);
});

Deno.test("EndpointSupport does not take two requests at the same time for a confirmation", () => {
  const { at } = makeSupport();
  at(1).note("/x", "14.0", false, false);
  at(1.01).note("/x", "14.0", false, false);
  assert.equal(at(1.2).isMissing("/x", "14.0"), true);
  assert.equal(at(1.26).isMissing("/x", "14.0"), false);
  at(1.26).note("/x", "14.0", false, false);
  at(1.27).note("/x", "14.0", false, false);
  assert.equal(at(25).isMissing("/x", "14.0"), true, "it was confirmed meanwhile");
});

Deno.test("EndpointSupport remembers for good what works", () => {
  const { at } = makeSupport();
  at(0).note("/x", "14.0", true);
  assert.equal(at(1000).works("/x", "14.0"), true);
  at(1001).note("/x", "14.0", false);
  assert.equal(at(1001).works("/x", "14.0"), false);
  assert.equal(at(1001).isMissing("/x", "14.0"), true);
});

Deno.test("EndpointSupport keeps versions and endpoints apart", () => {
  const { support } = makeSupport();
  support.note("/x", "13.0", false);
  support.note("/y", "13.0", true);
  assert.equal(support.isMissing("/x", "14.0"), false);
  assert.equal(support.works("/y", "14.0"), false);
  assert.equal(support.isMissing("/y", "13.0"), false);
});
