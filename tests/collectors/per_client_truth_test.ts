import assert from "node:assert/strict";
import { perClient } from "../../src/collectors/per_client.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import type { Truth } from "../simulator/simulator.ts";
import { SeenEnds, WINDOW_MS, withPolls } from "./_polls.ts";
import { VERSIONS } from "./_simulated.ts";

const MINUTE = 60_000;
/** What a read goes back beyond its begin, in milliseconds. */
const OVERLAP_MS = 40_000;

/** All series of a metric with their values. */
function seriesOf(families: readonly MetricFamily[], name: string): Record<string, number> {
  const samples = families.filter(({ definition }) => definition.name === name)
    .flatMap(({ samples }) => samples);
  return Object.fromEntries(samples.map(({ labels: { site: _site, ...labels }, value }) => [
    JSON.stringify(Object.values(labels)),
    value,
  ]));
}

/** What the metrics should be, counted job by job. */
function expected(truth: Truth, ends: SeenEnds) {
  const isWanted = (client: string) => client.startsWith("host0") || client.startsWith("O'Hara");
  const lastBackup: Record<string, number> = {};
  const lastSuccess: Record<string, number> = {};
  const counts: Record<string, number> = {};
  const later = (record: Record<string, number>, key: string, endMs: number) =>
    record[key] = Math.max(record[key] ?? 0, endMs / 1000);
  for (const { job, endMs } of ends.at(truth)) {
    const { clientName: client, policyName, jobType, status } = job;
    if (!isWanted(client)) continue;
    later(lastBackup, JSON.stringify([client]), 0);
    if (status !== 0) continue;
    if (jobType === "BACKUP") later(lastBackup, JSON.stringify([client]), endMs);
    later(lastSuccess, JSON.stringify([client, policyName, jobType]), endMs);
  }
  for (const { clientName, jobType, status } of truth.finishedBetween(truth.now() - WINDOW_MS)) {
    if (!isWanted(clientName)) continue;
    const key = JSON.stringify([clientName, jobType, String(status)]);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return { lastBackup, lastSuccess, counts };
}

for (const apiVersion of VERSIONS) {
  Deno.test(`perClient is what the jobs of a simulated primary say, across restarts, corrections and rereads, API ${apiVersion}`, async () => {
    const options = { allowlist: ["host0*", "O'Hara*"] };
    // The jobs are the same in all versions: one long history is enough.
    const rounds = apiVersion === "14.0" ? 30 : 8;
    await withPolls(
      perClient,
      { options, apiVersion, jobsPerHour: 400, resumeRatio: 0.05, growthRatio: 0.1, seed: 7 },
      async ({ simulator, clock, poll, restart, records }) => {
        simulator.setRows("/catalog/images", []);
        simulator.setRows("/config/unique-policy-clients", []);
        // The jobs that the first poll reads for the window tell of clients, too.
        const ends = new SeenEnds(simulator.truth.now() - WINDOW_MS - OVERLAP_MS);
        for (let round = 0; round <= rounds; round++) {
          if (round > 0) await clock.advance(5 * MINUTE);
          if (round % 7 === 6) await restart();
          const families = await poll();
          const { lastBackup, lastSuccess, counts } = expected(simulator.truth, ends);
          const where = `round ${round}`;
          const metric = (name: string) => seriesOf(families, name);
          assert.deepEqual(
            metric("nbu_client_last_successful_backup_timestamp_seconds"),
            lastBackup,
            where,
          );
          assert.deepEqual(metric("nbu_client_last_job_success_seconds"), lastSuccess, where);
          assert.deepEqual(metric("nbu_client_jobs_count"), counts, where);
          assert.ok(Object.keys(counts).length > 10, where);
        }
        assert.deepEqual(records.filter(({ level }) => level === "error"), []);
      },
    );
  });
}
