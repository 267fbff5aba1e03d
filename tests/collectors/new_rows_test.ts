import assert from "node:assert/strict";
import { createNewRows, OVERLAP_MS } from "../../src/collectors/rows/new_rows.ts";

const T = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const DAY_MS = 24 * 3_600_000;
const rows = (...ids: string[]) => ids.map((id) => ({ id }));
const ids = (taken: readonly { readonly id: string }[]) => taken.map(({ id }) => id);

Deno.test("createNewRows() takes nothing in the first run, then each record once", () => {
  const log = createNewRows();
  assert.deepEqual(ids(log.take(rows("1", "2"), T)), []);
  assert.deepEqual(ids(log.take(rows("1", "2", "3"), T + MINUTE)), ["3"]);
  assert.deepEqual(ids(log.take(rows("2", "3", "4", "5"), T + 2 * MINUTE)), ["4", "5"]);
  assert.deepEqual(ids(log.take(rows("4", "5"), T + 3 * MINUTE)), []);
});

Deno.test("createNewRows() counts after a first run that found nothing", () => {
  const log = createNewRows();
  log.take([], T);
  assert.deepEqual(ids(log.take(rows("1"), T + MINUTE)), ["1"]);
});

Deno.test("createNewRows() looks back beyond the run before by the overlap, in the first run as well", () => {
  const log = createNewRows();
  assert.equal(log.since(T), T - OVERLAP_MS);
  log.take([], T);
  assert.equal(log.since(T + 30 * MINUTE), T - OVERLAP_MS);
});

Deno.test("createNewRows() goes on where the last run that went well began", () => {
  const log = createNewRows();
  log.take([], T);
  // Runs that fail take nothing.
  assert.equal(log.since(T + 5 * MINUTE), T - OVERLAP_MS);
  assert.equal(log.since(T + 300 * MINUTE), T - OVERLAP_MS);
});

Deno.test("createNewRows() catches up with no more than a day", () => {
  const log = createNewRows();
  log.take([], T);
  const now = T + 3 * DAY_MS;
  assert.equal(log.since(now), now - DAY_MS);
});

Deno.test("createNewRows() never goes back with a clock that does", () => {
  const log = createNewRows();
  log.take(rows("1"), T);
  log.take(rows("1", "2"), T + 60 * MINUTE);
  const since = log.since(T + 61 * MINUTE);
  log.take(rows("2"), T + 61 * MINUTE);
  assert.equal(log.since(T - 600 * MINUTE), since, "what is older may have been counted");
});
