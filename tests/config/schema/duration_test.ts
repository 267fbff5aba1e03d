import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DurationSyntaxError,
  formatDuration,
  parseDuration,
} from "../../../src/config/schema/duration.ts";

const VALID: Readonly<Record<string, number>> = {
  "0": 0,
  "+0": 0,
  "0s": 0,
  "300ms": 300,
  "1.5h": 5_400_000,
  "1h30m": 5_400_000,
  "1h30m10s": 5_410_000,
  "2m0.5s": 120_500,
  ".5s": 500,
  "5.s": 5000,
  "250us": 0.25,
  "250\u00b5s": 0.25,
  "250\u03bcs": 0.25,
  "1000000ns": 1,
  "+5m": 300_000,
  "-1m30s": -90_000,
  "48h": 172_800_000,
};

Deno.test("parseDuration() reads what Go reads", () => {
  for (const [text, milliseconds] of Object.entries(VALID)) {
    assert.equal(parseDuration(text), milliseconds, text);
  }
});

const INVALID: Readonly<Record<string, RegExp>> = {
  "": /empty/,
  "-": /empty/,
  "5": /number 5 has no unit/,
  "1h30": /number 30 has no unit/,
  "1d": /"d" is not a unit, write 24h for a day/,
  "1 h": /" h" is not a unit/,
  "five": /no number at "five"/,
  "1h-5m": /"h-" is not a unit/,
  "1:30": /":" is not a unit/,
  ".s": /no number at ".s"/,
  "1H": /"H" is not a unit/,
  "1e3s": /"e" is not a unit/,
  "9999999999h": /longer than 292 years/,
};

Deno.test("parseDuration() says what is wrong with anything else", () => {
  for (const [text, message] of Object.entries(INVALID)) {
    assert.throws(
      () => parseDuration(text),
      (error) => error instanceof DurationSyntaxError && message.test(error.message),
      text,
    );
  }
});

Deno.test("formatDuration() writes the short form", () => {
  assert.equal(formatDuration(5_400_000), "1h30m");
  assert.equal(formatDuration(250), "250ms");
  assert.equal(formatDuration(0), "0s");
  assert.equal(formatDuration(-1500), "-1s500ms");
});

Deno.test("parseDuration() reads back what formatDuration() writes", () => {
  const microseconds = fc.integer({ min: -(10 ** 13), max: 10 ** 13 });
  fc.assert(fc.property(microseconds, (value) => {
    const milliseconds = value / 1000;
    const again = parseDuration(formatDuration(milliseconds));
    assert.ok(Math.abs(again - milliseconds) < 1e-3, `${milliseconds} became ${again}`);
  }));
});

Deno.test("parseDuration() throws nothing but DurationSyntaxError, and never gives NaN", () => {
  const pieces = fc.constantFrom(
    "1",
    "30",
    ".5",
    "h",
    "m",
    "s",
    "ms",
    "-",
    "+",
    " ",
    "x",
    ".",
    "0",
  );
  const texts = fc.oneof(fc.string(), fc.array(pieces).map((list) => list.join("")));
  fc.assert(fc.property(texts, (text) => {
    try {
      assert.ok(Number.isFinite(parseDuration(text)));
    } catch (error) {
      assert.ok(error instanceof DurationSyntaxError, String(error));
    }
  }));
});
