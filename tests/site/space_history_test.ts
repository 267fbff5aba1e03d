import assert from "node:assert/strict";
import { SpaceHistory } from "../../src/site/findings/space_history.ts";
import type { Store } from "../../src/site/findings/space.ts";
import { createPause } from "../../src/state/json_pieces.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 20);
const TIB = 1024 ** 4;

/** A pool of 100 TiB. */
function pool(used: number, name = "pool"): Store {
  return { kind: "disk_pool", name, used, free: 100 * TIB - used };
}

/** Watches a pool every five minutes. */
function watch(
  history: SpaceHistory,
  fromMs: number,
  toMs: number,
  usedAt: (ms: number) => number,
): void {
  for (let now = fromMs; now <= toMs; now += 5 * 60_000) history.note([pool(usedAt(now))], now);
}

const tibADay = (ms: number) => 10 * TIB + (ms - START) / DAY * TIB;

Deno.test("SpaceHistory says when a pool is full that grows by 1 TiB a day", () => {
  const history = new SpaceHistory();
  const now = START + 7 * DAY;
  watch(history, START, now, tibADay);
  const { forecast, growthPerDay, watchedMs } = history.growthOf(pool(17 * TIB), now);
  assert.equal(Math.round((growthPerDay ?? 0) / TIB * 1000), 1000);
  assert.equal(watchedMs, 7 * DAY);
  assert.ok(forecast.kind === "full_at");
  assert.equal(Math.round((forecast.at - now) / DAY), 83);
});

Deno.test("SpaceHistory has no forecast before it has watched for a day", () => {
  const history = new SpaceHistory();
  assert.deepEqual(history.growthOf(pool(TIB), START).forecast, { kind: "no_history" });
  watch(history, START, START + 23 * HOUR, tibADay);
  const { forecast, growthPerDay, watchedMs } = history.growthOf(pool(11 * TIB), START + 23 * HOUR);
  assert.deepEqual(forecast, { kind: "no_history" });
  assert.equal(growthPerDay, undefined);
  assert.equal(watchedMs, 23 * HOUR);
  watch(history, START + 23 * HOUR, START + 25 * HOUR, tibADay);
  const after = history.growthOf(pool(11 * TIB), START + 25 * HOUR);
  assert.equal(after.forecast.kind, "full_at");
});

Deno.test("SpaceHistory knows storage that is full, that does not grow, and that grows hardly at all", () => {
  const history = new SpaceHistory();
  assert.deepEqual(history.growthOf(pool(100 * TIB), START).forecast, { kind: "full" });
  watch(history, START, START + 2 * DAY, () => 10 * TIB);
  const flat = history.growthOf(pool(10 * TIB), START + 2 * DAY);
  assert.deepEqual(flat.forecast, { kind: "not_growing" });
  const shrinking = new SpaceHistory();
  watch(shrinking, START, START + 2 * DAY, (ms) => 20 * TIB - (ms - START));
  assert.deepEqual(shrinking.growthOf(pool(19 * TIB), START + 2 * DAY).forecast, {
    kind: "not_growing",
  });
  const slow = new SpaceHistory();
  watch(slow, START, START + 2 * DAY, (ms) => 10 * TIB + (ms - START) / DAY * TIB / 100);
  assert.deepEqual(slow.growthOf(pool(10 * TIB), START + 2 * DAY).forecast, {
    kind: "not_growing",
  });
});

Deno.test("SpaceHistory looks at the last seven days only", () => {
  const history = new SpaceHistory();
  watch(history, START, START + 7 * DAY, tibADay);
  watch(history, START + 7 * DAY, START + 15 * DAY, () => 17 * TIB);
  const { forecast, watchedMs } = history.growthOf(pool(17 * TIB), START + 15 * DAY);
  assert.deepEqual(forecast, { kind: "not_growing" });
  assert.ok(watchedMs <= 7 * DAY);
});

Deno.test("SpaceHistory keeps a sample every two hours of each store, across restarts", async () => {
  const history = new SpaceHistory();
  watch(history, START, START + 7 * DAY, tibADay);
  const kept = JSON.parse(JSON.stringify(await history.section.serialize(createPause())));
  assert.equal(kept.content.length, 1);
  assert.equal(kept.content[0].samples.length, 85);
  const next = new SpaceHistory();
  next.note([pool(17 * TIB), pool(TIB, "new")], START + 7 * DAY + HOUR);
  assert.equal(await next.section.restore(kept, false, async () => {}), undefined);
  const now = START + 7 * DAY + HOUR;
  const { forecast, growthPerDay } = next.growthOf(pool(tibADay(now)), now);
  assert.equal(forecast.kind, "full_at");
  assert.equal(Math.round((growthPerDay ?? 0) / TIB * 10), 10);
  assert.equal(next.growthOf(pool(TIB, "new"), now).forecast.kind, "no_history");
});

Deno.test("SpaceHistory goes on sampling when the clock was set back, and forgets stores that are gone", async () => {
  const history = new SpaceHistory();
  history.note([pool(TIB)], START + DAY);
  history.note([pool(2 * TIB)], START);
  const samples = async () => {
    const { content } = JSON.parse(JSON.stringify(await history.section.serialize(createPause())));
    return content.map(({ samples }: { samples: number[][] }) => samples.length);
  };
  assert.deepEqual(await samples(), [1], "what was later than now is dropped");
  history.note([], START + 8 * DAY);
  assert.deepEqual(await samples(), []);
});
