/**
 * The counters over all completions, and what a job adds to them.
 *
 * @module
 */
import * as v from "valibot";
import { DURATION_BOUNDS, jobDurationSeconds } from "./metrics/jobs.ts";
import {
  backupsTotal,
  jobQueueWaitSeconds,
  jobsCompletedTotal,
  jobsFilesTotal,
  jobsOutcomeTotal,
  jobsProtectedBytesTotal,
  jobsRetriesTotal,
  jobsWireBytesTotal,
  jobThroughputBytesPerSecond,
  ledgerClockStepsTotal,
  ledgerJobsVanishedTotal,
  ledgerLabelsFoldedTotal,
  ledgerWindowMismatchesTotal,
  ledgerWindowRemovedTotal,
  QUEUE_WAIT_BOUNDS,
  THROUGHPUT_BOUNDS,
} from "./metrics/ledger.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { BACKUP_OUTCOMES, type BackupOutcome, backupOutcome } from "./backup_outcome.ts";
import { levelOf } from "./completions.ts";
import {
  type CounterCell,
  counterDocument,
  CounterFamily,
  CumulativeHistogram,
  type HistogramCell,
  histogramDocument,
} from "./series.ts";
import { STATUS_CLASSES, type StatusClass, statusClass } from "./status_meanings.ts";
import type { JobKey } from "./job_keys.ts";
import { OTHER } from "./label_bounds.ts";

const BYTES_PER_KILOBYTE = 1024;
const MS_PER_SECOND = 1000;

/** Actions of nearly every primary, which are known before the first job of their kind. */
const COMMON_ACTIONS: readonly string[] = [
  ...["BACKUP", "RESTORE", "DBBACKUP", "DUPLICATE", "REPLICATE", "REPLICA_IMPORT", "IMPORT"],
  ...["SNAPSHOT", "VERIFY", "IMAGEDELETE"],
];

/** Actions whose transfer rate says nothing: a histogram is a dozen series. */
const MOVES_NO_DATA: ReadonlySet<string> = new Set([
  ...["VAULT", "LABEL", "ERASE", "TPREQ", "TPCLEAN", "TPFORMAT", "VMPHYSINV", "DQTS", "MCONTENTS"],
  ...["IMAGEDELETE", "GENERIC", "APP_STATE_CAPTURE", "INDEXCLEANUP", "SNAPSHOT", "ACTIVATE_IR"],
  ...["DEACTIVATE_IR", "REACTIVATE_IR", "STOP_IR", "RMAN_CATALOG", "LOCKVM", "DEPLOYMENT"],
  ...["INSTANT_ACCESS", "PREPARING_FOR_BACKUP", "MULTIPLE_STORAGE_METADATA"],
]);

const FOLDED_LABELS = ["action", "policy_type", "status"] as const;

/** The series of one action and policy type. */
interface TypeCells {
  readonly kilobytes: CounterCell;
  readonly dataKilobytes: CounterCell;
  readonly files: CounterCell;
  readonly retries: CounterCell;
  readonly duration: HistogramCell;
  readonly wait: HistogramCell;
  /** Undefined for actions that move no data. */
  readonly rate: HistogramCell | undefined;
}

/** What is already counted of a job. */
export interface Counted {
  readonly kilobytes: number;
  readonly dataKilobytes: number;
  readonly files: number;
  readonly tries: number;
}

/** The series of each family, by the name of the metric. */
export const totalsDocument = v.object({
  counters: v.record(v.string(), counterDocument),
  histograms: v.record(v.string(), histogramDocument),
});

/**
 * All counters of one site.
 *
 * Sizes, files, durations, waits and rates are those of leaf jobs (`childCount` 0): a parent shows
 * the sum of its children. Completions and retries are of all jobs.
 */
export class Totals {
  readonly #site: string;
  readonly #completed = new CounterFamily(jobsCompletedTotal);
  readonly #outcomes = new CounterFamily(jobsOutcomeTotal);
  readonly #backups = new CounterFamily(backupsTotal);
  readonly #kilobytes = new CounterFamily(jobsProtectedBytesTotal, BYTES_PER_KILOBYTE);
  readonly #dataKilobytes = new CounterFamily(jobsWireBytesTotal, BYTES_PER_KILOBYTE);
  readonly #files = new CounterFamily(jobsFilesTotal);
  readonly #retries = new CounterFamily(jobsRetriesTotal);
  readonly #durations = new CumulativeHistogram(
    jobDurationSeconds,
    DURATION_BOUNDS,
    (ms) => ms / MS_PER_SECOND,
  );
  readonly #waits = new CumulativeHistogram(
    jobQueueWaitSeconds,
    QUEUE_WAIT_BOUNDS,
    (ms) => ms / MS_PER_SECOND,
  );
  readonly #rates = new CumulativeHistogram(
    jobThroughputBytesPerSecond,
    THROUGHPUT_BOUNDS,
    (kilobytes) => kilobytes * BYTES_PER_KILOBYTE,
  );
  readonly #clockSteps = new CounterFamily(ledgerClockStepsTotal);
  readonly #vanished = new CounterFamily(ledgerJobsVanishedTotal);
  readonly #folded = new CounterFamily(ledgerLabelsFoldedTotal);
  readonly #windowMismatches = new CounterFamily(ledgerWindowMismatchesTotal);
  readonly #windowRemoved = new CounterFamily(ledgerWindowRemovedTotal);
  readonly #known = new Set<string>();
  readonly #types = new Map<string, Map<string, TypeCells>>();

  constructor(site: string) {
    this.#site = site;
    for (const label of FOLDED_LABELS) this.#countFolded(label, 0);
    this.countClockSteps(0);
    this.countVanished(0);
    for (const outcome of BACKUP_OUTCOMES) this.#backup(outcome);
    this.countWindowMismatch(0);
    this.countWindowRemoved(0);
    for (const action of COMMON_ACTIONS) this.know(action);
  }

  /** An action exists: its outcomes are 0 before the first of them. */
  know(action: string): void {
    if (this.#known.has(action)) return;
    this.#known.add(action);
    for (const name of STATUS_CLASSES) this.#outcome(action, name);
  }

  /** Series that are new from now on begin at this time, by the exporter's clock. */
  beginAt(nowMs: number): void {
    for (const family of [...this.#counters, ...this.#histograms]) family.beginAt(nowMs);
  }

  /** What was built has been published; see `CounterCell.fresh`. Whether that revealed anything. */
  reveal(): boolean {
    const revealed = [...this.#counters, ...this.#histograms].map((family) => family.reveal());
    return revealed.includes(true);
  }

  /** Counts that the primary's clock was set. */
  countClockSteps(steps = 1): void {
    this.#clockSteps.cell({ site: this.#site }).value += steps;
  }

  /** Counts jobs that were given up. */
  countVanished(jobs: number): void {
    this.#vanished.cell({ site: this.#site }).value += jobs;
  }

  /** Counts that the primary's own count of the jobs in the window was another. */
  countWindowMismatch(times = 1): void {
    this.#windowMismatches.cell({ site: this.#site }).value += times;
  }

  /** Counts jobs that left the window because the primary does not show them any more. */
  countWindowRemoved(jobs: number): void {
    this.#windowRemoved.cell({ site: this.#site }).value += jobs;
  }

  /**
   * Counts a completion.
   *
   * @param first It is the first completion of the job that is counted: the wait in the queue
   *   belongs to that one only. It is known for a first try alone, since NetBackup tells when the
   *   latest try began.
   */
  complete(job: Job, endMs: number, key: JobKey, first: boolean): void {
    const cell = this.#completionCell(job, key);
    cell.value += 1;
    this.know(key.action);
    this.#outcome(key.action, statusClass(job.status)).value += 1;
    const backup = backupOutcome(job);
    if (backup) this.#backup(backup).value += 1;
    if (key.action === OTHER) this.#countFolded("action", 1);
    if (key.policyType === OTHER) this.#countFolded("policy_type", 1);
    if (key.status === OTHER) this.#countFolded("status", 1);
    if (job.status !== 0) {
      cell.exemplar = {
        labels: { job_id: String(job.jobId), client: job.clientName },
        value: 1,
        timestampSeconds: endMs / MS_PER_SECOND,
      };
    }
    if (job.childCount > 0) return;
    const type = this.#type(key);
    const { startTimeMs, activeTryStartTimeMs } = job;
    if (startTimeMs !== undefined && endMs >= startTimeMs) {
      this.#durations.observe(type.duration, endMs - startTimeMs);
    }
    if (
      first && job.tryNumber === 1 && startTimeMs !== undefined &&
      activeTryStartTimeMs !== undefined && activeTryStartTimeMs >= startTimeMs
    ) {
      this.#waits.observe(type.wait, activeTryStartTimeMs - startTimeMs);
    }
    if (type.rate && job.transferRate > 0) this.#rates.observe(type.rate, job.transferRate);
  }

  /**
   * Adds the figures of a job, less what is counted of it. A figure that is smaller than what was
   * counted began again from 0: all of it is new, and no counter ever decreases.
   */
  addFigures(job: Job, key: JobKey, counted: Counted): void {
    const type = this.#type(key);
    type.retries.value += growth(Math.max(0, job.tryNumber - 1), Math.max(0, counted.tries - 1));
    if (job.childCount > 0) return;
    type.kilobytes.value += growth(job.kilobytesTransferred, counted.kilobytes);
    type.dataKilobytes.value += growth(job.kilobytesDataTransferred, counted.dataKilobytes);
    type.files.value += growth(job.numberOfFiles, counted.files);
  }

  /** The families as they stand. @param revealed Fresh series are built with their values, too. */
  build(revealed: boolean): MetricFamily[] {
    return [...this.#counters, ...this.#histograms].map((family) => family.build(revealed));
  }

  serialize(): v.InferOutput<typeof totalsDocument> {
    return {
      counters: Object.fromEntries(
        this.#counters.map((family) => [family.definition.name, family.serialize()]),
      ),
      histograms: Object.fromEntries(
        this.#histograms.map((family) => [family.definition.name, family.serialize()]),
      ),
    };
  }

  restore({ counters, histograms }: v.InferOutput<typeof totalsDocument>): void {
    for (const family of this.#counters) {
      family.restore(counters[family.definition.name] ?? [], this.#site);
    }
    for (const family of this.#histograms) {
      family.restore(histograms[family.definition.name] ?? [], this.#site);
    }
  }

  get #counters(): readonly CounterFamily<string>[] {
    return [
      ...[
        this.#completed,
        this.#outcomes,
        this.#backups,
        this.#kilobytes,
        this.#dataKilobytes,
        this.#files,
        this.#retries,
      ],
      ...[this.#clockSteps, this.#vanished, this.#folded],
      ...[this.#windowMismatches, this.#windowRemoved],
    ];
  }

  get #histograms(): readonly CumulativeHistogram<string>[] {
    return [this.#durations, this.#waits, this.#rates];
  }

  #outcome(action: string, name: StatusClass): CounterCell {
    return this.#outcomes.cell({ site: this.#site, action, class: name });
  }

  #backup(outcome: BackupOutcome): CounterCell {
    return this.#backups.cell({ site: this.#site, outcome });
  }

  #countFolded(label: typeof FOLDED_LABELS[number], jobs: number): void {
    this.#folded.cell({ site: this.#site, label }).value += jobs;
  }

  #completionCell(job: Job, key: JobKey): CounterCell {
    const level = levelOf(job);
    return key[level] ??= this.#completed.cell({
      site: this.#site,
      action: key.action,
      policy_type: key.policyType,
      status: key.status,
      level,
    });
  }

  #type({ action, policyType }: JobKey): TypeCells {
    let types = this.#types.get(action);
    if (!types) this.#types.set(action, types = new Map());
    let type = types.get(policyType);
    if (!type) types.set(policyType, type = this.#makeType(action, policyType));
    return type;
  }

  /** All series of one action and policy type; they exist from its first completion on. */
  #makeType(action: string, policy_type: string): TypeCells {
    const labels = { site: this.#site, action, policy_type };
    return {
      kilobytes: this.#kilobytes.cell(labels),
      dataKilobytes: this.#dataKilobytes.cell(labels),
      files: this.#files.cell(labels),
      retries: this.#retries.cell({ site: this.#site, action }),
      duration: this.#durations.cell(labels),
      wait: this.#waits.cell({ site: this.#site, action }),
      rate: MOVES_NO_DATA.has(action) ? undefined : this.#rates.cell({ site: this.#site, action }),
    };
  }
}

function growth(now: number, counted: number): number {
  return now >= counted ? now - counted : now;
}
