/**
 * Reads what has finished since the last poll, or all of the window at the first.
 *
 * @module
 */
import type { Job } from "../netbackup/resources/job.ts";
import { jobPages, JOBS_ENDPOINT } from "../netbackup/resources/jobs.ts";
import { HttpStatusError } from "../netbackup/errors.ts";
import type { RequestContext } from "../netbackup/api.ts";
import type { LedgerContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { Progress } from "./progress.ts";
import { finishedQuery, newestQuery, type PlaceField, placeOf } from "./queries.ts";
import { readRanges } from "./reader.ts";

/** How finished jobs are read. */
export interface FinishedOptions {
  readonly ledger: Ledger;
  /** Ranges read at the same time; as many as the client sends requests, unless given. */
  readonly concurrency: number | undefined;
  /** How long after the fact a row may become visible, in milliseconds. */
  readonly overlapMs: number;
  /** The same where jobs are read by their end time: updates after the end come late as well. */
  readonly fallbackOverlapMs: number;
  /** Something was taken in: the checkpoint is out of date. */
  readonly onChange: () => void;
  /** Keeps what was just begun, so that a restart begins at the same time. */
  readonly onBegin: (context: LedgerContext) => Promise<void>;
}

/** A read of more pages is worth a request more to find out how it can be divided. */
const MIN_LONG_READ_PAGES = 200;

/** So is one that is this far behind, in milliseconds. */
const MIN_LONG_LAG_MS = 15 * 60_000;

/** Reads finished jobs into a ledger, poll after poll. */
export class FinishedJobs {
  readonly progress = new Progress();
  readonly #options: FinishedOptions;
  #field: PlaceField = "lastUpdateTime";
  /** The primary has obeyed a filter on that field: a later 400 has another cause. */
  #accepted = false;
  /** Newest place there is, as far as known. */
  #newest: number | undefined;
  /** The primary has shown a finished job when it was asked for the newest. */
  #anyFinished = false;
  #warned = false;

  constructor(options: FinishedOptions) {
    this.#options = options;
  }

  /** Whether the primary refuses the filter on `lastUpdateTime`. */
  get fallback(): boolean {
    return this.#field === "endTime";
  }

  /**
   * Reads what there is.
   *
   * @param windowStart Begin of the look-back window.
   * @returns Rows read, the same job twice if it came twice.
   * @throws NetBackupError What was read until then is taken in and not read again.
   */
  async read(
    context: LedgerContext,
    request: RequestContext,
    windowStart: number,
  ): Promise<number> {
    try {
      return await this.#read(context, request, windowStart);
    } catch (error) {
      const refused = error instanceof HttpStatusError && error.status === 400;
      if (!refused || this.fallback || this.#accepted) throw error;
      context.logger.warn(
        "the primary refuses to filter jobs by lastUpdateTime: reading them by endTime, which misses" +
          " jobs that change long after their end",
        { error },
      );
      this.#fallBack();
      return await this.#read(context, request, windowStart);
    }
  }

  #fallBack(): void {
    const { ledger, fallbackOverlapMs, overlapMs } = this.#options;
    this.#field = "endTime";
    this.#newest = undefined;
    // What was settled by update time is not settled by end time.
    ledger.cursors.setBack(Math.max(0, fallbackOverlapMs - overlapMs));
  }

  async #read(
    context: LedgerContext,
    request: RequestContext,
    windowStart: number,
  ): Promise<number> {
    const { session, clock, logger } = context;
    const { ledger, onChange } = this.#options;
    const overlapMs = this.fallback ? this.#options.fallbackOverlapMs : this.#options.overlapMs;
    const begun = clock.monotonic();
    const elapsed = () => clock.monotonic() - begun;
    const field = this.#field;
    let until: number | undefined;
    const probe = async (inner: RequestContext) => {
      const newest = await this.#probe(context, inner);
      // Everything that was to become visible before this had done so when the reading began.
      if (newest !== undefined) until = newest - elapsed() - overlapMs;
      return newest;
    };
    if (!ledger.begun) {
      const newest = await probe(request);
      // The exporter's clock may be ahead: NetBackup's own times come first. Where no job has ever
      // finished, every one that will is new.
      const from = newest ?? (this.#anyFinished ? windowStart : 0);
      ledger.begin(Math.min(windowStart, from), overlapMs);
      onChange();
      await this.#options.onBegin(context);
    }
    this.progress.begin(clock, ledger.cursors, () => this.#newest);
    let rows = 0;
    await readRanges({
      cursors: ledger.cursors,
      concurrency: concurrencyOf(context, this.#options.concurrency),
      list: {
        pages: (range, inner) => jobPages(session, finishedQuery(field, range), inner),
        placeOf: (job) => believable(placeOf(field, job), clock.now()),
      },
      apply: (jobs) => {
        this.#accepted = true;
        rows += jobs.length;
        this.#report(context, jobs);
        this.#apply(jobs, windowStart);
        this.progress.read(jobs.length, logger);
      },
      overlapMs,
      elapsed,
      divisibleUntil: async (pages, place, inner) => {
        const long = pages >= MIN_LONG_READ_PAGES ||
          (pages > 1 && clock.now() - place > MIN_LONG_LAG_MS);
        if (until === undefined && long) await probe(inner);
        return until;
      },
    }, request);
    ledger.endReading();
    this.progress.end(logger);
    return rows;
  }

  /** What cannot be counted, or not be believed, is not to pass unseen. */
  #report({ session, clock, logger }: LedgerContext, jobs: readonly Job[]): void {
    const endless = jobs.filter(({ endTimeMs }) => endTimeMs === undefined).length;
    if (endless > 0) session.client.observer.rowsRejected(JOBS_ENDPOINT, endless);
    if (this.#warned) return;
    const now = clock.now();
    const ahead = jobs.find((job) => {
      const place = placeOf(this.#field, job);
      return place !== believable(place, now);
    });
    if (!ahead) return;
    this.#warned = true;
    logger.warn(
      "a finished job is dated more than a day ahead of this host: check the clocks of both; such" +
        " jobs are read again at each poll",
      { jobId: ahead.jobId },
    );
  }

  #apply(jobs: readonly Job[], windowStart: number): void {
    const { ledger, onChange } = this.#options;
    if (jobs.length === 0) return;
    for (const job of jobs) ledger.observe(job);
    onChange();
    ledger.sweep(windowStart);
  }

  /** The newest place there is. */
  async #probe(
    { session, clock }: LedgerContext,
    request: RequestContext,
  ): Promise<number | undefined> {
    let newest: number | undefined;
    for await (const { rows } of jobPages(session, newestQuery(this.#field), request)) {
      this.#anyFinished ||= rows.length > 0;
      for (const job of rows) {
        const place = believable(placeOf(this.#field, job), clock.now());
        if (place !== undefined) newest = Math.max(place, newest ?? place);
      }
      break;
    }
    this.#newest = newest;
    return newest;
  }
}

/** Reads at the same time: as configured, or else as many as the client sends requests. */
export function concurrencyOf({ session }: LedgerContext, configured: number | undefined): number {
  return configured ?? session.client.maxConcurrentRequests ?? 1;
}

/** Clocks may differ, by a time zone too; a time further ahead is no time of an update. */
const MAX_AHEAD_MS = 24 * 60 * 60_000;

/**
 * A place in time unless it lies in a future that cannot be: one such row would be the newest for
 * good, and nothing that comes after would be read.
 */
function believable(place: number | undefined, nowMs: number): number | undefined {
  return place !== undefined && place > nowMs + MAX_AHEAD_MS ? undefined : place;
}
