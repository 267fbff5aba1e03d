import assert from "node:assert/strict";
import { RecentCount } from "../../src/site/recent_count.ts";

const MINUTE = 60_000;

Deno.test("RecentCount counts what happened in this minute and the 59 before", () => {
  let now = 10 * MINUTE;
  const recent = new RecentCount(() => now);
  recent.add();
  recent.add();
  now += 30 * MINUTE;
  recent.add();
  assert.equal(recent.count(), 3);
  now += 29 * MINUTE;
  assert.equal(recent.count(), 3);
  now += MINUTE;
  assert.equal(recent.count(), 1, "the first two are an hour old");
  now += 30 * MINUTE;
  assert.equal(recent.count(), 0);
});

Deno.test("RecentCount forgets everything after a pause of any length", () => {
  for (const pause of [60, 61, 90, 120, 1_000_000]) {
    let now = 59 * MINUTE;
    const recent = new RecentCount(() => now);
    recent.add();
    now += pause * MINUTE;
    assert.equal(recent.count(), 0, `${pause} minutes`);
    recent.add();
    assert.equal(recent.count(), 1);
  }
});
