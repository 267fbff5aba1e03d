import assert from "node:assert/strict";
import { createLedgerCollector } from "../../src/ledger/collector.ts";
import { jobsSectionDocument } from "../../src/ledger/document.ts";
import { LabelBounds } from "../../src/ledger/label_bounds.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import * as v from "valibot";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { jobsSectionOf } from "./_memory_checkpoint.ts";
import { createMemoryCheckpoint } from "./_memory_checkpoint.ts";
import { ModelPrimary } from "./_model.ts";

Deno.test("ledger keeps the number of its series bounded, however odd the jobs are, and says so once", async () => {
  const primary = new ModelPrimary(Date.UTC(2026, 0, 1, 12));
  primary.pageSize = 100;
  const log = createRecordingLogger();
  const checkpoint = createMemoryCheckpoint();
  const options = {
    site: "a",
    zeroFirst: false,
    lookUpStatuses: false,
    maxStatusCodes: 50,
    checkpoint,
  };
  const collector = createLedgerCollector(options);
  const context = contextOf(primary, { primaryTime: () => undefined, logger: log.logger });
  await collector.collect(context);
  for (let job = 0; job < 2000; job++) {
    primary.now += 100;
    const odd = { jobType: `TYPE ${job}`, policyType: `POLICY ${job}` };
    primary.finish(primary.birth(job < 1000 ? odd : {}), { status: job });
    primary.birth({ ...odd, state: job % 2 ? "QUEUED" : `STATE ${job}`, reason: job });
  }
  const { families, cumulative } = await collector.collect(context);
  await collector.collect(context);
  const all = [...families, ...cumulative].reduce((sum, { samples }) => sum + samples.length, 0);
  assert.ok(all < 12_000, `${all} series`);
  for (const family of [...families, ...cumulative]) {
    const { name } = family.definition;
    assert.ok(seriesCount([family], name) < 6000, `${name}: ${seriesCount([family], name)}`);
  }
  assert.equal(
    valueOf(cumulative, "nbu_jobs_outcome_total", { action: "BACKUP", class: "failed" }),
    1000,
  );
  const folded = (label: string) =>
    valueOf(cumulative, "nbu_ledger_labels_folded_total", { label });
  assert.ok((folded("action") ?? 0) > 900 && (folded("policy_type") ?? 0) > 800);
  // Of backups, and of the actions that are counted as one.
  assert.equal(folded("status"), 950 + 930);
  const warned = log.records.filter(({ level }) => level === "warn").map(({ fields }) =>
    fields["label"]
  );
  assert.deepEqual(warned.toSorted(), ["action", "policy_type", "reason", "state", "status"]);
  // What has a series keeps it after a restart, and nothing else gets one.
  const again = await createLedgerCollector(options).collect(context);
  for (const name of ["nbu_jobs_completed_total", "nbu_jobs_count"]) {
    const count = (result: typeof again) =>
      seriesCount([...result.families, ...result.cumulative], name);
    assert.equal(count(again), count({ families, cumulative, rows: 0 }), name);
  }
});

Deno.test("LabelBounds names the first values, tells of the first beyond, and keeps what it has named", () => {
  const bounds = new LabelBounds(2);
  assert.deepEqual([0, 96, 13, 96].map((code) => bounds.status("BACKUP", code)), [
    "0",
    "96",
    "other",
    "96",
  ]);
  assert.equal(bounds.status("RESTORE", 13), "13", "each action has its own");
  assert.deepEqual(bounds.takeFolded(), [["status", "13"]]);
  bounds.status("BACKUP", 14);
  assert.deepEqual(bounds.takeFolded(), [], "once");
  bounds.limitStatuses(1);
  assert.equal(bounds.status("BACKUP", 96), "96");
  for (let odd = 0; odd < 100; odd++) bounds.action(`ODD ${odd}`);
  assert.equal(bounds.action("REPLICATE"), "REPLICATE", "what is documented is always named");
  bounds.adopt("BACKUP", "STANDARD", "200");
  assert.equal(bounds.status("BACKUP", 200), "200");
});

Deno.test("a section of version 1, with numbers for status codes, is still read", async () => {
  const checkpoint = createMemoryCheckpoint();
  const ledger = new Ledger({ site: "a", maxStatusCodes: 200, recall: 10 });
  ledger.begin(0, 0, 0);
  const serialized = await ledger.serialize(() => Promise.resolve());
  const { running: _running, clock: _clock, ...first } = v.parse(
    v.omit(jobsSectionDocument, ["statusTexts", "actions"]),
    JSON.parse(JSON.stringify(serialized)),
  );
  const content = {
    ...first,
    combos: [["BACKUP", "STANDARD", 96]],
    counters: { nbu_jobs_files_total: [[{ action: "BACKUP", policy_type: "STANDARD" }, 7]] },
    statusTexts: [],
    actions: ["BACKUP"],
  };
  await checkpoint.save({ ledger: { version: 1, content } });
  const section = jobsSectionOf(checkpoint.saved[0]);
  assert.deepEqual(section.combos, [["BACKUP", "STANDARD", "96"]]);
  const restored = new Ledger({ site: "a", maxStatusCodes: 200, recall: 10 });
  await restored.restore(v.parse(jobsSectionDocument, content), [], false, async () => {});
  assert.equal(valueOf(restored.families(), "nbu_jobs_files_total"), 7);
});
