/** The collector `jobs` over simulated primaries; what the ledger does is tested in `tests/ledger/`. */
import assert from "node:assert/strict";
import { jobs } from "../../src/collectors/jobs.ts";
import { HttpStatusError } from "../../src/netbackup/errors.ts";
import type { JobInput } from "../simulator/simulator.ts";
import { type SimulatedPrimary, simulatedPrimary, VERSIONS } from "./_simulated.ts";

const JOBS = "/admin/jobs";
/** Look-back window of these runs. */
const WINDOW_MS = 60_000;
const PAGE = 100;

/** How many there are by what they say, as series. */
function counted<T>(items: readonly T[], labelsOf: (item: T) => string): readonly string[] {
  const counts = new Map<string, number>();
  for (const item of items) {
    const labels = labelsOf(item);
    counts.set(labels, (counts.get(labels) ?? 0) + 1);
  }
  return [...counts].map(([labels, count]) => `${labels}: ${count}`).sort();
}

const notZero = (series: readonly string[]) => series.filter((line) => !line.endsWith(": 0"));

for (const apiVersion of VERSIONS) {
  Deno.test(`jobs shows what is true of the jobs of a primary that speaks ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion, jobsPerHour: 3000 });
    const { truth } = primary.simulator;
    const finished = truth.finishedBetween(truth.now() - WINDOW_MS);
    const unfinished = truth.unfinished();
    const result = await primary.run(jobs);
    assert.ok(finished.length > 30 && unfinished.length > 30);
    assert.deepEqual([...primary.rejected], []);
    assert.equal(result.rows >= finished.length + unfinished.length, true);
    assert.deepEqual(
      result.series("nbu_jobs_count"),
      counted(
        finished,
        ({ jobType, policyType, status }) =>
          `action=${jobType},policy_type=${policyType},status=${status}`,
      ),
    );
    assert.deepEqual(
      notZero(result.series("nbu_jobs_current")),
      counted(unfinished, ({ jobType, state }) => `action=${jobType},state=${state}`),
    );
    assert.deepEqual(
      notZero(result.series("nbu_jobs_queued_count")),
      counted(
        unfinished.filter(({ state }) => state === "QUEUED"),
        ({ jobType, jobQueueReason }) => `action=${jobType},reason=${jobQueueReason}`,
      ),
    );
  });
}

/** A primary with so many jobs, and no others. */
function primaryWith(count: number, job: JobInput): SimulatedPrimary {
  const primary = simulatedPrimary({ jobsPerHour: 0 });
  for (let index = 0; index < count; index++) primary.simulator.addJob(job);
  return primary;
}

for (const count of [0, 1, PAGE, PAGE + 1, 3 * PAGE + 1]) {
  Deno.test(`jobs reads ${count} finished and ${count} unfinished jobs`, async () => {
    const queued = { jobType: "BACKUP", state: "QUEUED", jobQueueReason: 5 } as const;
    const unfinished = await primaryWith(count, queued).run(jobs);
    const current = unfinished.value("nbu_jobs_current", { state: "QUEUED" });
    assert.equal(current, count === 0 ? undefined : count);
    const primary = simulatedPrimary({ jobsPerHour: 0 });
    const endTime = primary.clock.now() - 1000;
    const startTime = endTime - 10_000;
    for (let index = 0; index < count; index++) {
      primary.simulator.addJob({ jobType: "BACKUP", state: "DONE", status: 0, startTime, endTime });
    }
    const finished = await primary.run(jobs);
    const done = finished.value("nbu_jobs_count", { action: "BACKUP", status: "0" });
    assert.equal(done, count === 0 ? undefined : count);
    assert.deepEqual([...primary.rejected], []);
  });
}

for (const status of [401, 404, 406]) {
  Deno.test(`jobs fails where its list is answered ${status}: a primary without jobs is none`, async () => {
    const primary = simulatedPrimary();
    primary.simulator.faults.add({ endpoint: JOBS, kind: "status", status });
    await assert.rejects(primary.run(jobs), (error) => {
      assert.ok(error instanceof HttpStatusError, String(error));
      assert.equal(error.status, status);
      return true;
    });
  });
}
