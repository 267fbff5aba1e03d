import assert from "node:assert/strict";
import fc from "fast-check";
import { histories, type History, play, type Poll } from "./_history.ts";

/**
 * `LEDGER_HISTORIES` in the environment plays as many, and others each time. Without it they are the
 * same each time: what one history in some thousands finds must not fail a change that has nothing to
 * do with it.
 */
const MORE = Deno.env.get("LEDGER_HISTORIES");
const HISTORIES = Number(MORE ?? 1200);
const SEED = 20261127;

const CALM: Poll = { kind: "poll", failAt: 0, killAt: 0, killSave: undefined, races: [] };

/** A primary and a ledger without peculiarities. */
const USUAL: Omit<History, "past" | "steps"> = {
  skewMs: 0,
  pageSize: 1,
  windowMs: 120_000,
  state: false,
  maxAppended: 0,
  hasty: false,
  recall: 100_000,
  concurrency: 1,
  requestMs: 0,
  rejectUpdateFilter: false,
  fragileCursors: false,
  endlessCursors: false,
  ignoresFilters: false,
  countsHidden: false,
  tellsTime: false,
};

/** Histories that went wrong once. */
const FOUND: readonly History[] = [{
  // The row behind a cursor was gone when what cursors had led to was asked for once more.
  ...USUAL,
  past: { kind: "burst", jobs: 76, spacingMs: 40_001, pick: 659 },
  hasty: true,
  fragileCursors: true,
  steps: [
    CALM,
    { kind: "event", event: { kind: "shrink", pick: 0, amount: 0, late: 0 } },
    { kind: "burst", jobs: 5, spacingMs: 1, pick: 0 },
    { kind: "wait", ms: 3598 },
    { kind: "burst", jobs: 12, spacingMs: 0, pick: 1 },
    { kind: "event", event: { kind: "finish", pick: 0, amount: 0, late: 0 } },
    { kind: "burst", jobs: 3, spacingMs: 0, pick: 1 },
    { ...CALM, races: [[17, { kind: "resume", pick: 268, amount: 0, late: 0 }]] },
    { kind: "event", event: { kind: "birth", pick: 0, amount: 0, late: 0 } },
  ],
}, {
  // After a restart amid catching up, a job was in no part that was read, by its end or its update.
  ...USUAL,
  past: { kind: "burst", jobs: 32, spacingMs: 19_637, pick: 159 },
  pageSize: 4,
  windowMs: 3_600_000,
  state: true,
  hasty: true,
  recall: 0,
  concurrency: 2,
  steps: [
    { kind: "burst", jobs: 2, spacingMs: 0, pick: 0 },
    { ...CALM, failAt: 8 },
    { kind: "burst", jobs: 1, spacingMs: 0, pick: 0 },
    { kind: "wait", ms: 1 },
    { kind: "burst", jobs: 1, spacingMs: 0, pick: 0 },
    { kind: "restart" },
    { kind: "event", event: { kind: "birth", pick: 0, amount: 0, late: 0 } },
    { kind: "wait", ms: 1 },
  ],
}, {
  // A cursor led beyond the end of a range, which was taken to be read then: seven jobs were skipped.
  ...USUAL,
  past: { kind: "burst", jobs: 0, spacingMs: 0, pick: 297 },
  hasty: true,
  concurrency: 2,
  fragileCursors: true,
  endlessCursors: true,
  steps: [
    { kind: "burst", jobs: 6, spacingMs: 1, pick: 0 },
    { kind: "wait", ms: 40_000 },
    { ...CALM, races: [[1, { kind: "correct", pick: 0, amount: 0, late: 0 }]] },
    { kind: "burst", jobs: 7, spacingMs: 142, pick: 0 },
    { kind: "wait", ms: 857_571 },
    { kind: "event", event: { kind: "birth", pick: 0, amount: 0, late: 0 } },
    { kind: "burst", jobs: 6, spacingMs: 6906, pick: 0 },
    { kind: "event", event: { kind: "birth", pick: 0, amount: 0, late: 0 } },
    { kind: "window", ms: 120_000 },
    { kind: "burst", jobs: 4, spacingMs: 0, pick: 0 },
    { ...CALM, races: [[14, { kind: "shrink", pick: 0, amount: 0, late: 0 }]] },
  ],
}, {
  // A job that tells no end, and started before the clock was set back, was counted at each reading.
  ...USUAL,
  past: { kind: "burst", jobs: 18, spacingMs: 0, pick: 460 },
  recall: 0,
  tellsTime: true,
  steps: [
    { kind: "event", event: { kind: "birth", pick: 0, amount: 0, late: 0 } },
    { kind: "event", event: { kind: "birth", pick: 0, amount: 0, late: 0 } },
    { kind: "event", event: { kind: "birth", pick: 0, amount: 0, late: 0 } },
    CALM,
    { kind: "clock", ms: -1000 },
    { kind: "event", event: { kind: "endless", pick: 900, amount: 0, late: 0 } },
    CALM,
    { kind: "restart" },
    { kind: "event", event: { kind: "birth", pick: 0, amount: 0, late: 0 } },
    { kind: "burst", jobs: 1, spacingMs: 1, pick: 0 },
    { kind: "burst", jobs: 1, spacingMs: 0, pick: 0 },
    { kind: "clock", ms: 0 },
    CALM,
    { kind: "burst", jobs: 1, spacingMs: 0, pick: 0 },
  ],
}, {
  // The clock was set back by a second between the end of a job and its suspension, after it was resumed:
  // its row was taken for an old one of before the end.
  ...USUAL,
  past: { kind: "burst", jobs: 65, spacingMs: 0, pick: 626 },
  maxAppended: 1000,
  tellsTime: true,
  steps: [
    { kind: "wait", ms: 1000 },
    CALM,
    { kind: "burst", jobs: 5, spacingMs: 0, pick: 0 },
    { kind: "burst", jobs: 2, spacingMs: 0, pick: 0 },
    { kind: "burst", jobs: 8, spacingMs: 0, pick: 0 },
    { kind: "event", event: { kind: "shrink", pick: 0, amount: 0, late: 0 } },
    { ...CALM, failAt: 1, races: [[1, { kind: "resume", pick: 382, amount: 0, late: 0 }]] },
    { kind: "burst", jobs: 5, spacingMs: 0, pick: 0 },
    { ...CALM, races: [[1, { kind: "birth", pick: 0, amount: 0, late: 0 }]] },
    { kind: "clock", ms: -1001 },
    { kind: "event", event: { kind: "birth", pick: 0, amount: 0, late: 0 } },
    { kind: "event", event: { kind: "suspend", pick: 323, amount: 0, late: 0 } },
    { kind: "burst", jobs: 1, spacingMs: 0, pick: 0 },
  ],
}, {
  // Jobs that ended before the first counter were seen unfinished and finished by the same poll.
  ...USUAL,
  skewMs: 20_972,
  past: { kind: "burst", jobs: 0, spacingMs: 0, pick: 145 },
  requestMs: 253,
  steps: [
    CALM,
    { kind: "burst", jobs: 6, spacingMs: 3878, pick: 165 },
    { kind: "burst", jobs: 1, spacingMs: 1, pick: 0 },
    CALM,
  ],
}];

Deno.test("the ledger's counters and gauges are the truth for any history of jobs, faults, restarts and kills", async () => {
  let played = 0;
  const property = fc.asyncProperty(histories, async (history) => {
    await play(history);
    played++;
    // Weak references hold what they point to until the event loop turns, which nothing else does here.
    if (played % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
  });
  await fc.assert(property, {
    numRuns: HISTORIES,
    examples: FOUND.map((history) => [history]),
    ...(MORE === undefined ? { seed: SEED } : {}),
  });
  // deno-lint-ignore no-console
  console.log(`${played} histories of the ledger played`);
  assert.ok(played >= 1000);
});
