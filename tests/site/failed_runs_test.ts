import assert from "node:assert/strict";
import { failed, initialState } from "../../src/site/collector_state.ts";
import { FailedRuns } from "../../src/site/failed_runs.ts";

const REASONS = ["auth", "network"];

Deno.test("FailedRuns makes its family anew after a run has failed, and only then", () => {
  const runs = new FailedRuns();
  const jobs = initialState("jobs", REASONS);
  const tape = initialState("tape", REASONS);
  const first = runs.family("paris", [jobs, tape]);
  assert.equal(first.samples.length, 4);
  assert.equal(runs.family("paris", [{ ...jobs, runs: 1 }, tape]), first);
  const failure = { reason: "auth", message: "the key is wrong" };
  const after = runs.family("paris", [failed(jobs, failure, 1, 0), tape]);
  assert.notEqual(after.version, first.version);
  assert.deepEqual(
    after.samples.map(({ labels, value }) => [labels.collector, labels.reason, value]),
    [["jobs", "auth", 1], ["jobs", "network", 0], ["tape", "auth", 0], ["tape", "network", 0]],
  );
});

Deno.test("FailedRuns notices a collector that comes or goes", () => {
  const runs = new FailedRuns();
  const states = [initialState("jobs", REASONS), initialState("tape", REASONS)];
  const sizes = [states, states.slice(1), states].map((some) =>
    runs.family("paris", some).samples.length
  );
  assert.deepEqual(sizes, [4, 2, 4]);
});
