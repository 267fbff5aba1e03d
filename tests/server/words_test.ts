import assert from "node:assert/strict";
import { ago, ahead, inWords, listed, runTime, utc } from "../../src/server/pages/words.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

Deno.test("inWords() says a duration in at most two units, rounded down", () => {
  for (
    const [ms, words] of [
      [-5, "0 s"],
      [999, "0 s"],
      [59_999, "59 s"],
      [MINUTE, "1 min"],
      [HOUR - 1, "59 min"],
      [HOUR, "1 h"],
      [2 * HOUR + 14.9 * MINUTE, "2 h 14 min"],
      [24 * HOUR, "1 d"],
      [100.5 * 24 * HOUR, "100 d 12 h"],
    ] as const
  ) assert.equal(inWords(ms), words);
});

Deno.test("ago() and ahead() have words for the present", () => {
  assert.deepEqual([ago(-10), ago(999), ago(3 * MINUTE)], ["just now", "just now", "3 min ago"]);
  assert.deepEqual([ahead(-10), ahead(999), ahead(1000)], ["now", "now", "in 1 s"]);
});

Deno.test("runTime() keeps what matters of a short time", () => {
  const times = [0.0123, 0.9994, 1.26, 9.94, 10, 65].map(runTime);
  assert.deepEqual(times, ["12 ms", "999 ms", "1.3 s", "9.9 s", "10 s", "1 min"]);
});

Deno.test("listed() counts the names beyond the first four, unless it is one", () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  assert.equal(listed(names.slice(0, 1)), "a");
  assert.equal(listed(names.slice(0, 5)), "a, b, c, d, e");
  assert.equal(listed(names), "a, b, c, d and 2 others");
});

Deno.test("utc() is as the log writes it, to the second", () => {
  assert.equal(utc(Date.UTC(2026, 10, 20, 22, 12, 0, 999)), "2026-11-20 22:12:00 UTC");
});
