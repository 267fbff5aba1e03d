import assert from "node:assert/strict";
import { JobKeys } from "../../src/ledger/job_keys.ts";
import { KeyGroups } from "../../src/ledger/key_groups.ts";
import { LabelBounds } from "../../src/ledger/label_bounds.ts";
import { defineMetric } from "../../src/metrics/define.ts";
import { jobOf } from "../testing/job.ts";

const jobs = defineMetric("test_jobs", "gauge", "Jobs", ["site", "action"]);
const bytes = defineMetric("test_bytes", "gauge", "Bytes", ["site", "action"]);

function actionGroups() {
  const keys = new JobKeys(new LabelBounds(10));
  const groups = new KeyGroups(jobs, ({ action }) => ({ site: "a", action }));
  const keyOf = (jobType: string, status = 0) => keys.keyOf(jobOf({ jobType, status }));
  return { groups, keyOf };
}

Deno.test("KeyGroups puts the keys with the same labels together, in order of first appearance", () => {
  const { groups, keyOf } = actionGroups();
  const [restore, backup, failed] = [keyOf("RESTORE"), keyOf("BACKUP"), keyOf("BACKUP", 96)];
  assert.deepEqual([restore, backup, failed, restore].map((key) => groups.of(key)), [0, 1, 1, 0]);
  assert.deepEqual(groups.gauge(bytes, [1, 2]), {
    definition: bytes,
    samples: [
      { labels: { site: "a", action: "RESTORE" }, value: 1 },
      { labels: { site: "a", action: "BACKUP" }, value: 2 },
    ],
    lastingLabels: true,
  });
});

Deno.test("KeyGroups leaves out groups without a value, and gives the others the same label objects each time", () => {
  const { groups, keyOf } = actionGroups();
  groups.of(keyOf("RESTORE"));
  const group = groups.of(keyOf("BACKUP"));
  const sparse: number[] = [];
  sparse[group] = 0;
  const [sample, ...others] = groups.gauge(jobs, sparse).samples;
  assert.deepEqual([sample, others], [{ labels: { site: "a", action: "BACKUP" }, value: 0 }, []]);
  assert.equal(groups.gauge(bytes, [7, 8]).samples[1]?.labels, sample?.labels);
});

Deno.test("KeyGroups makes one series of values that the page cannot tell apart", () => {
  const { groups, keyOf } = actionGroups();
  assert.equal(groups.of(keyOf("A\ud800")), groups.of(keyOf("A\ufffd")));
});
