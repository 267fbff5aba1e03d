import assert from "node:assert/strict";
import * as v from "valibot";
import { jobsSectionDocument, type LedgerDocument } from "../../src/ledger/document.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import type { Job } from "../../src/netbackup/resources/job.ts";
import { jobOf } from "../testing/job.ts";
import { valueOf } from "../testing/samples.ts";

const START = Date.UTC(2026, 0, 1);

/** A job that has moved 10 kB in a second. */
function finishedJob(fields: Partial<Job> = {}): Job {
  return jobOf({
    startTimeMs: START,
    endTimeMs: START + 1000,
    lastUpdateTimeMs: START + 1000,
    activeTryStartTimeMs: START,
    kilobytesTransferred: 10,
    ...fields,
  });
}

function ledgerOf(jobs: readonly Job[], countFrom = START): Ledger {
  const ledger = new Ledger({ site: "a", maxStatusCodes: 200, recall: 1000 });
  ledger.begin(countFrom, countFrom, 0);
  ledger.startPoll(Infinity, START);
  for (const job of jobs) ledger.observe(job);
  return ledger;
}

/** Jobs that the windowed gauges show; undefined = none. */
function doneOf(ledger: Ledger): number | undefined {
  return valueOf(ledger.sumWindow(START).families, "nbu_jobs_count");
}

function totals(ledger: Ledger) {
  const families = ledger.families(true);
  return {
    completed: valueOf(families, "nbu_jobs_completed_total"),
    kilobytes: (valueOf(families, "nbu_jobs_protected_bytes_total") ?? 0) / 1024,
    retries: valueOf(families, "nbu_jobs_retries_total"),
    waits: valueOf(families, "nbu_job_queue_wait_seconds", {}, "_count"),
  };
}

const LATER = { endTimeMs: START + 8000, lastUpdateTimeMs: START + 8000 };

const again = (fields: Partial<Job>) =>
  finishedJob({ endTimeMs: START + 9000, lastUpdateTimeMs: START + 9000, ...fields });

Deno.test("Ledger counts a completion once, and that of a resumed job again with what is new", () => {
  const resumed = again({ kilobytesTransferred: 15, tryNumber: 2 });
  const { completed, kilobytes, retries, waits } = totals(
    ledgerOf([finishedJob(), finishedJob(), resumed]),
  );
  assert.deepEqual([completed, kilobytes, retries, waits], [2, 15, 1, 1]);
});

Deno.test("Ledger adds a figure whole that is smaller than what was counted: it began anew", () => {
  const resumed = again({ kilobytesTransferred: 4 });
  assert.equal(totals(ledgerOf([finishedJob(), resumed])).kilobytes, 14);
});

Deno.test("Ledger adds what a counted job grows by, and no completion", () => {
  const grown = finishedJob({ lastUpdateTimeMs: START + 5000, kilobytesTransferred: 12 });
  const { completed, kilobytes } = totals(ledgerOf([finishedJob(), grown]));
  assert.deepEqual([completed, kilobytes], [1, 12]);
});

Deno.test("Ledger takes a response that arrives late for the old sight it is", () => {
  const resumed = again({ kilobytesTransferred: 15 });
  const { completed, kilobytes } = totals(ledgerOf([resumed, finishedJob(), resumed]));
  assert.deepEqual([completed, kilobytes], [1, 15]);
});

Deno.test("Ledger counts nothing of a job that ended before it began, unless that ends again", () => {
  const begin = START + 5000;
  const grown = finishedJob({ lastUpdateTimeMs: START + 6000, kilobytesTransferred: 12 });
  assert.equal(totals(ledgerOf([finishedJob(), grown], begin)).completed, undefined);
  const { completed, kilobytes, waits } = totals(
    ledgerOf([finishedJob(), grown, again({ kilobytesTransferred: 15 })], begin),
  );
  assert.deepEqual([completed, kilobytes, waits], [1, 15, 1]);
});

function advance(ledger: Ledger, place: number): void {
  for (const range of ledger.cursors.all) ledger.cursors.advance(range, place);
}

/** What a checkpoint would hold. */
async function documentOf(ledger: Ledger): Promise<LedgerDocument> {
  return asRead(await ledger.serialize(noPause));
}

function asRead(document: LedgerDocument | undefined): LedgerDocument {
  const schema = v.omit(jobsSectionDocument, ["statusTexts", "actions"]);
  return v.parse(schema, JSON.parse(JSON.stringify(document)));
}

const noPause = () => Promise.resolve();

/** A ledger that goes on with what another one has written. */
async function restored(
  document: LedgerDocument,
  changes: readonly LedgerDocument[] = [],
  recall = 1000,
): Promise<Ledger> {
  const ledger = new Ledger({ site: "a", maxStatusCodes: 200, recall });
  await ledger.restore(document, changes, false, noPause);
  return ledger;
}

/** Serialized and restored while a part is still to be read, as after a kill. */
async function restarted(ledger: Ledger, recall: number): Promise<Ledger> {
  const before = await restored(await documentOf(ledger), [], recall);
  const after = await restored(await documentOf(before), [], recall);
  after.startPoll(Infinity, START);
  return after;
}

Deno.test("Ledger knows what it counted amid catching up, also what it kept no figures of", async () => {
  const catchingUp = ledgerOf([finishedJob()]);
  advance(catchingUp, START + 5000);
  const grown = { lastUpdateTimeMs: START + 8000, kilobytesTransferred: 15 };

  const same = await restarted(catchingUp, 0);
  assert.deepEqual((await documentOf(same)).bare.jobId.toJSON(), [1]);
  same.observe(finishedJob(grown));
  assert.deepEqual([totals(same).completed, totals(same).kilobytes], [1, 10]);
  same.observe(finishedJob({ ...grown, kilobytesTransferred: 25, lastUpdateTimeMs: START + 8500 }));
  assert.deepEqual([totals(same).completed, totals(same).kilobytes], [1, 20], "known again");

  const resumed = await restarted(catchingUp, 0);
  resumed.observe(again({ kilobytesTransferred: 15, tryNumber: 2 }));
  const { completed, kilobytes, waits } = totals(resumed);
  assert.deepEqual([completed, kilobytes, waits], [2, 25, 1]);

  const gauges = await restarted(catchingUp, 0);
  const inWindow = () => gauges.sumWindow(START).families;
  assert.equal(valueOf(inWindow(), "nbu_jobs_count"), undefined);
  assert.ok(gauges.heldFrom > START + 1000, "its time is read once more");
  gauges.recollect(finishedJob());
  assert.equal(valueOf(inWindow(), "nbu_jobs_count"), 1);
  assert.equal(totals(gauges).completed, 1);
});

Deno.test("Ledger counts what changed while it was caught up with, however much it has forgotten", async () => {
  const ledger = new Ledger({ site: "a", maxStatusCodes: 200, recall: 0 });
  ledger.begin(START, START, 0);
  ledger.startPoll(Infinity, START);
  // Read and beyond the window: nothing holds these but that there is more to be read.
  for (let jobId = 10; jobId < 20; jobId++) ledger.observe(finishedJob({ jobId }));
  advance(ledger, START + 5000);
  ledger.sweep(Infinity);
  assert.equal(ledger.size, 10);
  // It ended among them, and was updated before anybody had seen it.
  ledger.observe(finishedJob({ lastUpdateTimeMs: START + 6000 }));
  assert.equal(totals(ledger).completed, 11);
  ledger.endReading();
  for (let jobId = 20; jobId < 40; jobId++) ledger.observe(finishedJob({ jobId, ...LATER }));
  ledger.sweep(Infinity);
  assert.ok(!(await documentOf(ledger)).records.jobId.toJSON().includes(10));
  ledger.observe(finishedJob({ jobId: 10, lastUpdateTimeMs: START + 9000 }));
  assert.equal(totals(ledger).completed, 31, "forgotten, but counted long ago");
});

Deno.test("Ledger counts a completion once whose end is corrected without a new try", async () => {
  const corrected = finishedJob({ endTimeMs: START + 2000, lastUpdateTimeMs: START + 2500 });
  assert.equal(totals(ledgerOf([finishedJob(), corrected, corrected])).completed, 1);
  const restarted = ledgerOf([finishedJob()]);
  const after = await restored(await documentOf(restarted));
  after.observe(corrected);
  assert.equal(totals(after).completed, 1);
  const again = finishedJob({ ...corrected, tryNumber: 2 });
  assert.equal(
    totals(ledgerOf([finishedJob(), again])).completed,
    2,
    "a new try has an end of its own",
  );
});

Deno.test("Ledger takes the last update for the end of a finished job that names none, once", async () => {
  const endless = finishedJob({ endTimeMs: undefined });
  const grown = { lastUpdateTimeMs: START + 5000, kilobytesTransferred: 12 };
  const ledger = ledgerOf([endless, finishedJob({ endTimeMs: undefined, ...grown })]);
  assert.equal(totals(ledger).completed, 1);
  assert.equal(totals(ledger).kilobytes, 12);
  assert.equal(doneOf(ledger), 1);
  // The end is told at last, across restarts too.
  const after = await restored(await documentOf(ledger));
  after.observe(finishedJob({ endTimeMs: START - 60_000, lastUpdateTimeMs: START + 9000 }));
  assert.equal(totals(after).completed, 1);
});

Deno.test("Ledger counts a job once that names no end and started before the primary's clock was set back", () => {
  const endless = finishedJob({ startTimeMs: START + 5000, endTimeMs: undefined });
  assert.equal(totals(ledgerOf([endless, endless, endless])).completed, 1);
});

Deno.test("Ledger counts another job whose id was used again, with all its figures", () => {
  const first = finishedJob({ kilobytesTransferred: 60_000 });
  const reused = finishedJob({
    startTimeMs: START + 2000,
    activeTryStartTimeMs: START + 2000,
    endTimeMs: START + 3000,
    lastUpdateTimeMs: START + 3000,
    kilobytesTransferred: 50_000,
  });
  const { completed, kilobytes, waits } = totals(ledgerOf([first, reused, reused]));
  assert.deepEqual([completed, kilobytes, waits], [2, 110_000, 2]);
});

Deno.test("Ledger writes the records that have changed, unless more has to be remembered than was written", async () => {
  const job = (jobId: number, fields: Partial<Job> = {}) =>
    finishedJob({ jobId, lastUpdateTimeMs: START + 1000 + jobId, ...fields });
  const ledger = ledgerOf([job(1), job(2), job(3)]);
  assert.equal(ledger.serializeChanges(), undefined, "nothing was written yet");
  advance(ledger, START + 60_000);
  const whole = await documentOf(ledger);
  assert.equal(ledger.serializeChanges(), undefined, "nor is it written");
  ledger.markWritten();
  const changes = () => {
    const document = ledger.serializeChanges();
    return document && asRead(document);
  };
  assert.deepEqual(changes()?.records.jobId.toJSON(), []);
  ledger.observe(job(2, { kilobytesTransferred: 70, lastUpdateTimeMs: START + 70_000 }));
  ledger.observe(job(4));
  ledger.observe(job(4));
  assert.deepEqual(changes()?.records.jobId.toJSON(), [2, 4]);
  assert.deepEqual(changes()?.records.jobId.toJSON(), [2, 4], "it was not written");
  const first = asRead(ledger.serializeChanges());
  ledger.markWritten();
  ledger.observe(job(5));
  const second = asRead(ledger.serializeChanges());
  ledger.markWritten();
  assert.deepEqual(second.records.jobId.toJSON(), [5]);
  const again = await restored(whole, [first, second]);
  assert.deepEqual(totals(again), totals(ledger));
  assert.equal(again.size, 5);
  again.observe(job(2, { kilobytesTransferred: 75, lastUpdateTimeMs: START + 80_000 }));
  assert.equal(totals(again).kilobytes, (totals(ledger).kilobytes ?? 0) + 5);
  // What is read again may show jobs that were not written.
  ledger.readAgain(START + 30_000);
  assert.equal(ledger.serializeChanges(), undefined);
});

Deno.test("Ledger says when its counters began, which a restart changes only where they begin anew", async () => {
  const began = (ledger: Ledger) =>
    ledger.families(true)
      .flatMap(({ samples }) => samples.flatMap(({ createdSeconds }) => createdSeconds ?? []));
  const ledger = ledgerOf([finishedJob()]);
  ledger.startPoll(Infinity, START + 60_000);
  ledger.observe(finishedJob({ jobId: 2, jobType: "VAULT" }));
  const times = began(ledger);
  assert.deepEqual(new Set(times), new Set([START / 1000, START / 1000 + 60]));
  const document = await documentOf(ledger);
  const again = await restored(document);
  again.startPoll(Infinity, START + 120_000);
  assert.deepEqual(began(again).toSorted(), times.toSorted());
  const anew = new Ledger({ site: "a", maxStatusCodes: 200, recall: 1000 });
  await anew.restore(document, [], true, noPause);
  anew.startPoll(Infinity, START + 120_000);
  assert.deepEqual(new Set(began(anew)), new Set([START / 1000 + 120]));
});

Deno.test("Ledger ignores rows that are no completion", () => {
  const timeless = finishedJob({ endTimeMs: undefined, lastUpdateTimeMs: undefined });
  const ledger = ledgerOf([finishedJob({ state: "ACTIVE" }), timeless]);
  ledger.recollect(finishedJob({ state: "ACTIVE" }));
  ledger.recollect(timeless);
  assert.equal(ledger.size, 0);
  assert.equal(ledger.newest, undefined);
});

Deno.test("Ledger lets the later update decide whether a job runs again", () => {
  const unfinished = (lastUpdateTimeMs: number | undefined) =>
    finishedJob({ state: "ACTIVE", endTimeMs: undefined, lastUpdateTimeMs });
  const ledger = ledgerOf([finishedJob()]);
  assert.equal(ledger.observeUnfinished(unfinished(START)), false);
  // This poll has seen it finished: so it is, where NetBackup does not say which came later.
  assert.equal(ledger.observeUnfinished(unfinished(START + 1000)), false);
  assert.equal(ledger.observeUnfinished(unfinished(undefined)), false);
  ledger.startPoll(Infinity, START);
  assert.equal(ledger.observeUnfinished(unfinished(undefined)), true);
  assert.equal(doneOf(ledger), undefined);
  ledger.observe(again({}));
  assert.equal(doneOf(ledger), 1);
  assert.equal(ledger.observeUnfinished(unfinished(START + 9500)), true);
  assert.equal(ledger.observeUnfinished({ ...unfinished(START), jobId: 2 }), true, "unknown");
});

Deno.test("Ledger takes the end for the last update where NetBackup names none", () => {
  const ledger = ledgerOf([finishedJob({ lastUpdateTimeMs: undefined })]);
  assert.equal(ledger.newest, START + 1000);
  assert.equal(totals(ledger).completed, 1);
});

Deno.test("Ledger counts no duration and no wait below zero", () => {
  const ledger = ledgerOf([finishedJob({ startTimeMs: START + 2000 })]);
  const families = ledger.families(true);
  assert.equal(valueOf(families, "nbu_job_duration_seconds", {}, "_count"), 0);
  assert.equal(totals(ledger).waits, 0);
});
