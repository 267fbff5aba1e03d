/**
 * What it costs to keep a ledger across restarts: how long the event loop stands still while it is
 * written and read back, and how much a day of polls writes.
 *
 * ```
 * deno task bench checkpoint --records 100000,1000000 --rounds 5 --jobs 10000
 * ```
 *
 * @module
 */
import { systemClock } from "../src/base/clock.ts";
import {
  JOBS_SECTION_VERSION,
  type JobsSectionDocument,
  jobsSectionDocument,
  type LedgerDocument,
  recordsFault,
} from "../src/ledger/document.ts";
import { Ledger } from "../src/ledger/ledger.ts";
import type { Job } from "../src/netbackup/resources/job.ts";
import { openStateDirectory, type StateDirectory } from "../src/state/directory.ts";
import { defineSection } from "../src/state/section.ts";
import { SectionedCheckpoint } from "../src/state/sectioned_checkpoint.ts";
import { silentLogger } from "../tests/testing/silent_logger.ts";
import { numberLists, single } from "./flags.ts";
import { type LoopBlocks, watchLoop } from "./loop_blocks.ts";
import { digits, printTable } from "./table.ts";

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 60 * 60_000;
const POLL_MS = 5 * 60_000;
const SITES = 10;
/** What a site keeps unless it is told otherwise. */
const RECALL = 100_000;
const OWNER = { site: "bench", primary: "https://nbu:1556/netbackup" };

const ACTIONS = ["BACKUP", "RESTORE", "DUPLICATE", "SNAPSHOT", "REPLICATE"];
const TYPES = ["VMWARE", "STANDARD", "ORACLE", "MS_SQL_SERVER"];

/** Measures, and prints tables. */
export async function benchCheckpoint(args: readonly string[]): Promise<void> {
  const flags = numberLists(args, {
    records: [100_000, 1_000_000],
    rounds: [5],
    jobs: [10_000],
  });
  const rows = [["records", "", "longest block, ms", "without others, ms", "total, ms", "MB"]];
  for (const records of flags.records) {
    rows.push(...await blocks(records, single("rounds", flags.rounds)));
  }
  printTable("The event loop while a ledger is written and read, medians", rows);
  await bytesOfADay(single("jobs", flags.jobs));
}

/** A finished job; each has figures of its own. */
function jobOf(number: number, endMs: number): Job {
  return {
    jobId: 5_000_000 + number,
    parentJobId: 0,
    jobType: ACTIONS[number % ACTIONS.length] ?? "",
    policyType: TYPES[number % TYPES.length] ?? "",
    policyName: "policy",
    clientName: "client",
    scheduleName: "",
    scheduleType: "",
    state: "DONE",
    status: number % 50 === 0 ? number % 200 : 0,
    startTimeMs: endMs - 60_000,
    endTimeMs: endMs,
    lastUpdateTimeMs: endMs,
    activeTryStartTimeMs: endMs - 50_000,
    kilobytesTransferred: (number * 7919) % 90_000_000,
    kilobytesDataTransferred: (number * 7907) % 40_000_000,
    numberOfFiles: (number * 31) % 90_000,
    dedupRatio: (number % 1000) / 10,
    transferRate: 5000,
    tryNumber: 1,
    childCount: 0,
    jobQueueReason: 0,
    storageUnit: "",
  };
}

function ledgerOf(jobs: number, recall: number, spacingMs: number): Ledger {
  const ledger = new Ledger({ site: OWNER.site, maxStatusCodes: 200, recall });
  ledger.begin(START, START, 0);
  ledger.startPoll(Infinity, START);
  for (let job = 0; job < jobs; job++) ledger.observe(jobOf(job, START + job * spacingMs));
  settle(ledger, START + jobs * spacingMs);
  return ledger;
}

/** All that was updated before a time has been read. */
function settle(ledger: Ledger, place: number): void {
  for (const range of ledger.cursors.all) ledger.cursors.advance(range, place);
  ledger.endReading();
}

/** The ledger's section as its collector keeps it. */
async function checkpointOf(ledger: Ledger, state: StateDirectory): Promise<SectionedCheckpoint> {
  const checkpoint = new SectionedCheckpoint(state.checkpoint(OWNER));
  const whole = (document: LedgerDocument): JobsSectionDocument => ({
    ...document,
    statusTexts: [],
    actions: ACTIONS,
  });
  await checkpoint.attach(defineSection<JobsSectionDocument>({
    name: "ledger",
    version: JOBS_SECTION_VERSION,
    schemas: { [JOBS_SECTION_VERSION]: jobsSectionDocument },
    serialize: async (pause) => whole(await ledger.serialize(pause)),
    serializeChanges: () => {
      const changes = ledger.serializeChanges();
      return Promise.resolve(changes && whole(changes));
    },
    written: () => ledger.markWritten(),
    fault: recordsFault,
    restore: (document, stale, changes, pause) => ledger.restore(document, changes, stale, pause),
  }));
  return checkpoint;
}

async function withState<T>(
  use: (state: StateDirectory, bytes: () => number) => Promise<T>,
): Promise<T> {
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_bench_" });
  const logger = silentLogger;
  const state = await openStateDirectory({ directory, clock: systemClock, logger });
  const bytes = () =>
    [...Deno.readDirSync(directory)].reduce(
      (sum, { name }) => sum + Deno.statSync(`${directory}/${name}`).size,
      0,
    );
  try {
    return await use(state, bytes);
  } finally {
    state.close();
    await Deno.remove(directory, { recursive: true });
  }
}

function blocks(records: number, rounds: number): Promise<string[][]> {
  return withState(async (state, bytes) => {
    const ledger = ledgerOf(records, 2 * records, 90);
    const writes: LoopBlocks[] = [];
    const reads: LoopBlocks[] = [];
    for (let round = 0; round < rounds; round++) {
      const writer = await checkpointOf(ledger, state);
      writes.push(await watchLoop(() => writer.save()));
      const empty = { site: OWNER.site, maxStatusCodes: 200, recall: 2 * records };
      const reader = await checkpointOf(new Ledger(empty), state);
      reads.push(await watchLoop(() => reader.load()));
    }
    const row = (name: string, all: readonly LoopBlocks[]) => [
      String(records),
      name,
      digits(median(all.map(({ longestMs }) => longestMs)), 1),
      digits(median(all.map(({ longestOwnMs }) => longestOwnMs)), 1),
      digits(median(all.map(({ totalMs }) => totalMs)), 0),
      digits(bytes() / 1e6, 1),
    ];
    return [row("written", writes), row("read", reads)];
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

/** What the polls of a day write, of a site that keeps as many records as it may. */
function bytesOfADay(jobsPerDay: number): Promise<void> {
  return withState(async (state, bytes) => {
    const spacingMs = DAY_MS / jobsPerDay;
    const ledger = ledgerOf(RECALL, RECALL, spacingMs);
    const checkpoint = await checkpointOf(ledger, state);
    let job = RECALL;
    let size = 0;
    let written = 0;
    let wholes = 0;
    let wholeSize = 0;
    const polls = DAY_MS / POLL_MS;
    // Days enough for the file to be written as a whole several times.
    const days = 3;
    for (let poll = 0; poll < polls * days; poll++) {
      const now = START + RECALL * spacingMs + poll * POLL_MS;
      ledger.startPoll(Infinity, now);
      for (; START + job * spacingMs < now; job++) {
        ledger.observe(jobOf(job, START + job * spacingMs));
      }
      settle(ledger, now);
      ledger.sweep(now - DAY_MS);
      await checkpoint.save();
      const before = size;
      size = bytes();
      const whole = poll === 0 || size < before;
      if (whole) {
        wholes++;
        wholeSize = size;
      }
      written += whole ? size : size - before;
    }
    const aDay = written / days;
    printTable(`What is written: ${jobsPerDay} jobs a day, a poll every 5 minutes`, [
      ["", "figure"],
      ["a site a day, MB", digits(aDay / 1e6, 1)],
      [`${SITES} sites a day, MB`, digits(SITES * aDay / 1e6, 1)],
      ["polls that write all there is", digits(wholes / days, 1)],
      ["if each poll did so, 10 sites a day, MB", digits(SITES * polls * wholeSize / 1e6, 0)],
    ]);
  });
}
