import assert from "node:assert/strict";
import { audit } from "../../src/collectors/audit.ts";
import { events } from "../../src/collectors/events.ts";
import { BEGIN_MS, simulate, type SimulatedRun, tally } from "./_repeated.ts";
import { VERSIONS } from "./_simulated.ts";

const MINUTE = 60_000;
const AUDIT = "/security/auditlogs";
const EVENTS = "/eventlog/notifications";

/** Series above 0. */
function counted(run: SimulatedRun, metric: string): readonly string[] {
  return run.series(metric).filter((line) => !line.endsWith(": 0"));
}

for (const apiVersion of VERSIONS) {
  Deno.test(`audit counts each record from the first run on once (API ${apiVersion})`, async () => {
    const { simulator, clock, run, rejected } = simulate(audit, { apiVersion });
    const first = await run();
    assert.deepEqual(counted(first, "nbu_audit_events_total"), []);
    assert.equal(first.series("nbu_audit_events_total").length, 14);
    let last = first;
    for (let minutes = 0; minutes < 180; minutes += 5) {
      await clock.advance(5 * MINUTE);
      last = await run();
    }
    const rows = simulator.truth.rows(AUDIT).map(({ attributes }) => attributes)
      .filter(({ auditDateTime }) => Date.parse(String(auditDateTime)) > BEGIN_MS);
    assert.equal(rows.length, 45, "one every four minutes for three hours");
    assert.deepEqual(
      counted(last, "nbu_audit_events_total"),
      tally(rows.map(({ category, operation }) => ({ category, operation }))),
    );
    assert.deepEqual([...rejected], []);
  });

  Deno.test(`events counts each notification from the first run on once (API ${apiVersion})`, async () => {
    const { simulator, clock, run } = simulate(events, { apiVersion });
    let last = await run();
    assert.deepEqual(counted(last, "nbu_events_total"), []);
    for (let minutes = 0; minutes < 330; minutes += 15) {
      await clock.advance(15 * MINUTE);
      last = await run();
    }
    const rows = simulator.truth.rows(EVENTS).map(({ attributes }) => attributes)
      .filter(({ createdDateTime }) => Date.parse(String(createdDateTime)) > BEGIN_MS);
    assert.equal(rows.length, 30, "one every eleven minutes for five and a half hours");
    assert.deepEqual(
      counted(last, "nbu_events_total"),
      tally(rows.map(({ severity }) => ({ severity }))),
    );
    assert.deepEqual(
      last.series("nbu_events_by_type_total"),
      tally(
        rows.filter(({ severity }) => severity !== "INFO").map((row) => ({
          ...{ severity: row["severity"], notification_type: row["notificationType"] },
        })),
      ),
    );
  });
}

Deno.test("audit reads no more than is new, with an overlap", async () => {
  const { simulator, clock, run } = simulate(audit);
  await run();
  await clock.advance(60 * MINUTE);
  await run();
  await clock.advance(60 * MINUTE);
  await run();
  const filters = simulator.requests.to(AUDIT).map(({ query }) => query["filter"]);
  const from = (ms: number) => `auditDateTime gt ${new Date(ms).toISOString()}`;
  assert.deepEqual([...new Set(filters)], [
    from(BEGIN_MS - 10 * MINUTE),
    from(BEGIN_MS + 50 * MINUTE),
  ]);
});

const record = (id: number, timeMs: number, category = "POLICY", operation = "MODIFY") => ({
  id: String(id),
  attributes: { category, operation, auditDateTime: new Date(timeMs).toISOString() },
});

Deno.test("audit counts a record that shows up late, within the overlap", async () => {
  const { simulator, clock, run } = simulate(audit);
  simulator.setRows(AUDIT, [record(1, BEGIN_MS - MINUTE)]);
  await run();
  await clock.advance(5 * MINUTE);
  simulator.setRows(AUDIT, [
    record(1, BEGIN_MS - MINUTE),
    record(2, BEGIN_MS - 2 * MINUTE),
    record(3, BEGIN_MS + MINUTE, "CATALOG", "DELETE"),
  ]);
  const result = await run();
  assert.deepEqual(counted(result, "nbu_audit_events_total"), [
    "category=CATALOG,operation=DELETE: 1",
    "category=POLICY,operation=MODIFY: 1",
  ]);
});

Deno.test("audit loses nothing by a run that fails, and counts nothing twice", async () => {
  const { simulator, clock, run } = simulate(audit);
  simulator.setRows(AUDIT, []);
  await run();
  simulator.setRows(AUDIT, [record(1, BEGIN_MS + MINUTE)]);
  simulator.setDenied([AUDIT]);
  await clock.advance(60 * MINUTE);
  await assert.rejects(run());
  simulator.setDenied([]);
  await clock.advance(60 * MINUTE);
  await run();
  const result = await run();
  assert.deepEqual(counted(result, "nbu_audit_events_total"), [
    "category=POLICY,operation=MODIFY: 1",
  ]);
});

Deno.test("audit goes by the primary's clock, not by that of the exporter", async () => {
  const ahead = 90 * MINUTE;
  const { simulator, clock, run } = simulate(audit, { skewMs: -ahead });
  simulator.setRows(AUDIT, [record(1, BEGIN_MS - ahead - MINUTE)]);
  await run();
  await clock.advance(5 * MINUTE);
  simulator.setRows(AUDIT, [
    record(1, BEGIN_MS - ahead - MINUTE),
    record(2, BEGIN_MS - ahead + MINUTE),
  ]);
  const result = await run();
  assert.deepEqual(counted(result, "nbu_audit_events_total"), [
    "category=POLICY,operation=MODIFY: 1",
  ]);
});
