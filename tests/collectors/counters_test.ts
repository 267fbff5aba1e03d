import assert from "node:assert/strict";
import { defineCollector } from "../../src/collectors/define.ts";
import { counter, gauge } from "../../src/metrics/define.ts";
import { text } from "../../src/netbackup/fields.ts";
import { listResource } from "../../src/netbackup/resource.ts";
import { row } from "../../src/netbackup/row.ts";
import { runOnce } from "./_run.ts";
import { simulate } from "./_repeated.ts";

const alertList = listResource({
  endpoint: "/manage/alerts",
  permission: "|MANAGE|EMAIL-NOTIFICATIONS|",
  since: "10.0",
  paging: "offset",
  limit: 10,
  row: row({ severity: text() }),
});
const seen = counter("nbu_seen_total", "Seen", ["severity"], {
  zeros: { severity: ["ERROR", "INFO"] },
});
const runs = gauge("nbu_runs", "Runs");

/** Counts all alerts in each run, the rows before it fails with the ones after it. */
const counting = defineCollector({
  name: "counting",
  summary: "Counting.",
  interval: "1m",
  resources: { alertList },
  metrics: { seen, runs },
  memory: () => ({ runs: 0 }),
  async collect({ read, metrics, memory }) {
    metrics.seen.add({ severity: "begun" }, 1);
    for (const { severity } of await read(alertList)) metrics.seen.add({ severity }, 1);
    metrics.runs.set({}, ++memory.runs);
  },
});

const alert = (severity: string) => ({ id: severity, attributes: { severity } });

Deno.test("a counter of a declared collector adds up from run to run, zeros from the first on", async () => {
  const { simulator, run } = simulate(counting);
  simulator.setRows(alertList.endpoint, [alert("ERROR")]);
  const first = await run();
  assert.deepEqual(first.series("nbu_seen_total"), [
    "severity=ERROR: 1",
    "severity=INFO: 0",
    "severity=begun: 1",
  ]);
  simulator.setRows(alertList.endpoint, [alert("WARNING")]);
  const second = await run();
  assert.deepEqual(second.series("nbu_seen_total"), [
    "severity=ERROR: 1",
    "severity=INFO: 0",
    "severity=WARNING: 1",
    "severity=begun: 2",
  ]);
  assert.deepEqual(second.series("nbu_runs"), [": 2"], "the memory lives on as well");
});

Deno.test("a counter of a declared collector is cumulative, a gauge is not", async () => {
  const { families, cumulative } = await runOnce(counting, { "/manage/alerts": [] });
  assert.deepEqual(families.map(({ definition }) => definition.name), ["nbu_runs"]);
  assert.deepEqual(cumulative.map(({ definition }) => definition.name), ["nbu_seen_total"]);
  assert.deepEqual(cumulative.map(({ definition }) => definition.type), ["counter"]);
});

Deno.test("what a run has counted that fails counts for nothing", async () => {
  const { simulator, run } = simulate(counting);
  simulator.setRows(alertList.endpoint, [alert("ERROR")]);
  await run();
  simulator.setDenied([alertList.endpoint]);
  await assert.rejects(run());
  simulator.setDenied([]);
  const after = await run();
  assert.deepEqual(after.series("nbu_seen_total"), [
    "severity=ERROR: 2",
    "severity=INFO: 0",
    "severity=begun: 2",
  ]);
});

Deno.test("each site has counters and a memory of its own", async () => {
  const [one, other] = [simulate(counting), simulate(counting)];
  for (const { simulator } of [one, other]) simulator.setRows(alertList.endpoint, []);
  await one.run();
  const second = await one.run();
  const first = await other.run();
  assert.deepEqual(second.series("nbu_runs"), [": 2"]);
  assert.deepEqual(first.series("nbu_runs"), [": 1"]);
  assert.ok(first.series("nbu_seen_total").includes("severity=begun: 1"));
});

Deno.test("results that were given out stay as they are when a counter goes on", async () => {
  const { simulator, run } = simulate(counting);
  simulator.setRows(alertList.endpoint, [alert("ERROR")]);
  const first = await run();
  await run();
  assert.ok(first.series("nbu_seen_total").includes("severity=begun: 1"));
});

Deno.test("the compiler lets a counter only be added to", () => {
  const declare = () =>
    defineCollector({
      name: "wrong",
      summary: "Wrong.",
      interval: "1m",
      resources: {},
      metrics: { seen },
      collect({ metrics, memory }) {
        // @ts-expect-error A counter is not set.
        metrics.seen.set({ severity: "INFO" }, 1);
        // @ts-expect-error Without a declaration there is no memory.
        memory.runs = 1;
        return Promise.resolve();
      },
    });
  assert.equal(typeof declare, "function");
});
