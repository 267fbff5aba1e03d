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
  "5": /^a number has no unit$/,
  "1h30": /^a number has no unit$/,
  "1d": /^a unit is not known: write 24h for a day$/,
  "1 h": /^a unit is not known, use ms, s, m or h$/,
  "five": /^character 1 begins no number$/,
  "1h-5m": /a unit is not known/,
  "1:30": /a unit is not known/,
  ".s": /^character 1 begins no number$/,
  "5m.s": /a unit is not known|begins no number/,
  "1H": /a unit is not known/,
  "1e3s": /a unit is not known/,
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

Deno.test("parseDuration() quotes nothing, as the text may be a secret in the wrong place", () => {
  for (const text of ["s3cret", "5s3cret", "5m s3cret", "3s3cret"]) {
    assert.throws(
      () => parseDuration(text),
      (error) => error instanceof DurationSyntaxError && !error.message.includes("cret"),
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
