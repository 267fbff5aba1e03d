import assert from "node:assert/strict";
import fc from "fast-check";
import { histories, play } from "./_history.ts";

/** `LEDGER_HISTORIES` in the environment plays more. */
const HISTORIES = Number(Deno.env.get("LEDGER_HISTORIES") ?? 1200);

Deno.test("the ledger's counters and gauges are the truth for any history of jobs, faults, restarts and kills", async () => {
  let played = 0;
  const property = fc.asyncProperty(histories, async (history) => {
    await play(history);
    played++;
  });
  await fc.assert(property, { numRuns: HISTORIES });
  // deno-lint-ignore no-console
  console.log(`${played} histories of the ledger played`);
  assert.ok(played >= 1000);
});
