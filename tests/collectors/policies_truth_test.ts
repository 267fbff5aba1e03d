import assert from "node:assert/strict";
import * as v from "valibot";
import { policies } from "../../src/collectors/policies.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import { valueOf } from "../testing/samples.ts";
import { type SeenEnd, SeenEnds, withPolls } from "./_polls.ts";
import { VERSIONS } from "./_simulated.ts";

const detail = v.object({ policyGeneric: v.object({ clients: v.array(v.unknown()) }) });

const MINUTE = 60_000;
const LIST = "/config/policies/";

/** The largest value of a metric by policy, over schedule types. */
function byPolicy(families: readonly MetricFamily[], name: string): Record<string, number> {
  const largest: Record<string, number> = {};
  for (const { definition, samples } of families) {
    if (definition.name !== name) continue;
    for (const { labels: { policy = "" }, value } of samples) {
      largest[policy] = Math.max(largest[policy] ?? 0, value);
    }
  }
  return largest;
}

/** The last end of a backup by policy, in seconds since the epoch, counted job by job. */
function lastEnds(ends: readonly SeenEnd[], counts: (status: number) => boolean) {
  const last: Record<string, number> = {};
  for (const { job: { jobType, policyName, status }, endMs } of ends) {
    if (jobType !== "BACKUP" || policyName === "") continue;
    const end = counts(status) ? endMs / 1000 : 0;
    last[policyName] = Math.max(last[policyName] ?? 0, end);
  }
  return last;
}

for (const apiVersion of VERSIONS) {
  Deno.test(`policies is what the jobs of a simulated primary say, across restarts and corrections, API ${apiVersion}`, async () => {
    await withPolls(
      policies,
      { apiVersion, jobsPerHour: 400, resumeRatio: 0.05, growthRatio: 0.1, seed: 3 },
      async ({ simulator, clock, poll, restart, records }) => {
        const { truth } = simulator;
        const ends = new SeenEnds(truth.now());
        await poll();
        for (let round = 1; round <= 20; round++) {
          await clock.advance(5 * MINUTE);
          if (round % 6 === 0) await restart();
          const families = await poll();
          const seen = ends.at(truth);
          assert.deepEqual(
            byPolicy(families, "nbu_policy_last_run_timestamp_seconds"),
            lastEnds(seen, () => true),
          );
          assert.deepEqual(
            byPolicy(families, "nbu_policy_last_success_timestamp_seconds"),
            lastEnds(seen, (status) => status === 0 || status === 1),
          );
        }
        assert.deepEqual(records.filter(({ level }) => level === "error"), []);
      },
    );
  });
}

for (const apiVersion of VERSIONS) {
  Deno.test(`policies reads the lists of a simulated primary of version ${apiVersion}`, async () => {
    await withPolls(policies, { apiVersion }, async ({ simulator, poll }) => {
      const families = await poll();
      const rows = simulator.truth.rows(LIST);
      assert.ok(rows.length > 10);
      for (const { id, attributes } of rows) {
        const active = valueOf(families, "nbu_policy_active", { policy: id });
        assert.equal(active, attributes["active"] ? 1 : 0, id);
      }
      const clients = byPolicy(families, "nbu_policy_clients");
      assert.equal(Object.keys(clients).length, rows.length);
      assert.equal(clients["NBU-CATALOG"], 1);
      const [{ attributes } = { attributes: {} }] = simulator.truth.rows(
        "/config/policies/{policyName}",
        { parameters: { policyName: "POL-LINUX-FS" } },
      );
      const { policyGeneric } = v.parse(detail, attributes);
      assert.equal(clients["POL-LINUX-FS"], policyGeneric.clients.length);
      const paused = simulator.truth.rows("/config/paused-clients");
      for (const trigger of ["AUTOMATIC", "MANUAL"]) {
        const wanted = paused.filter(({ attributes }) => attributes["triggerMethod"] === trigger);
        assert.equal(valueOf(families, "nbu_paused_clients", { trigger }), wanted.length, trigger);
      }
    });
  });
}
