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
import { believable, countingFrom } from "./places.ts";
import type { PollTime } from "./poll_time.ts";
import { Progress } from "./progress.ts";
import {
  finishedQuery,
  isFinished,
  MIN_SPAN_MS,
  newestFirstQuery,
  newestQuery,
  type PlaceField,
  placeOf as placeIn,
} from "./queries.ts";
import { ListFault } from "./list_fault.ts";
import { readRanges } from "./reader.ts";
import { ReadingMode } from "./reading_mode.ts";
import { readWholeList } from "./whole_list.ts";

/** How finished jobs are read. */
export interface FinishedOptions {
  readonly ledger: Ledger;
  /** Ranges read at the same time; as many as the client sends requests, unless given. */
  readonly concurrency: number | undefined;
  /** How long after the fact a row may become visible, in milliseconds. */
  readonly overlapMs: number;
  /** The same where jobs are read by their end time: updates after the end come late as well. */
  readonly fallbackOverlapMs: number;
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
  readonly #mode = new ReadingMode();

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
   * @returns Rows read, the same job twice if it came twice.
   * @throws NetBackupError What was read until then is taken in and not read again.
   */
  async read(context: LedgerContext, request: RequestContext, time: PollTime): Promise<number> {
    try {
      return await this.#read(context, request, time);
    } catch (error) {
      const refused = error instanceof HttpStatusError && error.status === 400;
      if (!refused || this.fallback || this.#accepted) throw error;
      context.logger.warn(
        "primary rejects the filter on lastUpdateTime: reading jobs by endTime, which misses" +
          " jobs that change long after they end",
        { error },
      );
      this.#fallBack();
      return await this.#read(context, request, time);
    }
  }

  #fallBack(): void {
    const { ledger, fallbackOverlapMs, overlapMs } = this.#options;
    this.#field = "endTime";
    this.#newest = undefined;
    // What was settled by update time is not settled by end time.
    ledger.cursors.setBack(Math.max(0, fallbackOverlapMs - overlapMs));
  }

  get #overlapMs(): number {
    return this.fallback ? this.#options.fallbackOverlapMs : this.#options.overlapMs;
  }

  async #read(context: LedgerContext, request: RequestContext, time: PollTime): Promise<number> {
    const { ledger } = this.#options;
    const newest = ledger.begun ? undefined : await this.#begin(context, request, time);
    this.progress.begin(context.clock, ledger.cursors, () => this.#newest);
    let rows = await this.#readList(context, request, time, newest);
    if (this.#findClockStep(context)) rows += await this.#readList(context, request, time);
    ledger.endReading();
    ledger.primaryClock.keep(context);
    this.progress.end(context.logger);
    return rows;
  }

  /** The counters begin at 0 now; only the gauges look back. Gives the newest place there is. */
  async #begin(
    context: LedgerContext,
    request: RequestContext,
    time: PollTime,
  ): Promise<number | undefined> {
    const newest = await this.#probe(context, request);
    const now = time.primaryBegin;
    const countFrom = countingFrom(now, newest) ?? time.begin;
    const readFrom = newest ?? (now === undefined && !this.#anyFinished ? 0 : time.windowStart);
    const windowStart = Math.min(time.windowStart, readFrom);
    const { ledger } = this.#options;
    ledger.begin(countFrom, windowStart, this.#overlapMs);
    ledger.primaryClock.keep(context);
    await this.#options.onBegin(context);
    return newest;
  }

  async #readList(
    context: LedgerContext,
    request: RequestContext,
    time: PollTime,
    newest?: number,
  ): Promise<number> {
    if (this.#mode.whole) return await this.#readWhole(context, request, time);
    const { cursors } = this.#options.ledger;
    const before = cursors.serialize();
    try {
      return await this.#readRanges(context, request, time, newest);
    } catch (error) {
      if (!(error instanceof ListFault)) throw error;
      this.#mode.enter(error, "finished", context.logger);
      // Places that do not ascend say nothing about what lies before them.
      cursors.restore(before);
      return await this.#readWhole(context, request, time);
    }
  }

  /** Reads for a primary that ignores filters or order. The watermark advances at the end only. */
  async #readWhole(
    context: LedgerContext,
    request: RequestContext,
    time: PollTime,
  ): Promise<number> {
    const { cursors } = this.#options.ledger;
    const field = this.#field;
    const range = cursors.merge();
    let rows = 0;
    const { last, sound } = await readWholeList({
      pages: (inner) => jobPages(context.session, newestFirstQuery(field, range.from), inner),
      placeOf: (job) => time.believable(placeIn(field, job)),
      admits: isFinished,
      from: range.from,
      see: ({ jobId }) => this.#options.ledger.running.see(jobId),
      apply: (jobs) => {
        rows += jobs.length;
        this.#take(context, jobs, time);
      },
    }, request);
    if (last !== undefined) cursors.advance(range, this.#settled(last, context, time));
    if (sound) this.#mode.leave();
    return rows;
  }

  async #readRanges(
    context: LedgerContext,
    request: RequestContext,
    time: PollTime,
    newest?: number,
  ): Promise<number> {
    const { session, clock } = context;
    const { ledger } = this.#options;
    const field = this.#field;
    const settled = (place: number) => this.#settled(place, context, time);
    const placeOf = (job: Job) => time.believable(placeIn(field, job));
    let rows = 0;
    // Everything that was to become visible before this had done so when the poll began.
    let until = newest === undefined ? undefined : settled(newest);
    await readRanges({
      cursors: ledger.cursors,
      concurrency: concurrencyOf(context, this.#options.concurrency),
      list: {
        site: context.site,
        pages: (range, inner) => jobPages(session, finishedQuery(field, range), inner),
        placeOf,
        admits: isFinished,
      },
      minSpan: MIN_SPAN_MS,
      apply: (jobs) => {
        rows += jobs.length;
        this.#take(context, jobs, time);
      },
      settled,
      divisibleUntil: async (pages, place, inner) => {
        const long = pages >= MIN_LONG_READ_PAGES ||
          (pages > 1 && clock.now() - place > MIN_LONG_LAG_MS);
        if (until === undefined && long) {
          const found = await this.#probe(context, inner);
          if (found !== undefined) until = settled(found);
        }
        return until;
      },
    }, request);
    return rows;
  }

  /** The place before which nothing is to be read again, once a list has been read to a place. */
  #settled(place: number, { clock }: LedgerContext, time: PollTime): number {
    const limit = this.#options.ledger.primaryClock.limit(clock) ?? Infinity;
    return Math.min(time.settled(place, this.#overlapMs), limit);
  }

  /** Whether the primary's clock was set, so that something is to be read again. */
  #findClockStep(context: LedgerContext): boolean {
    const { ledger } = this.#options;
    const step = ledger.primaryClock.step(context, this.#overlapMs);
    if (!step) return false;
    const { stepMs, place } = step;
    ledger.countClockStep();
    ledger.readAgain(place);
    context.logger.warn("primary clock changed: re-reading jobs", {
      step_seconds: Math.round(stepMs / 1000),
      from: new Date(place).toISOString(),
    });
    return true;
  }

  /** What cannot be counted, or not be believed, is not to pass unseen. */
  #report({ session, logger }: LedgerContext, jobs: readonly Job[], time: PollTime): void {
    const timeless = jobs.filter((job) => placeIn("lastUpdateTime", job) === undefined).length;
    if (timeless > 0) session.client.observer.rowsRejected(JOBS_ENDPOINT, timeless);
    if (this.#warned) return;
    const ahead = jobs.find((job) => {
      const place = placeIn(this.#field, job);
      return place !== time.believable(place);
    });
    if (!ahead) return;
    this.#warned = true;
    logger.warn(
      "finished job has a timestamp more than a day in the future, so that it is re-read at" +
        " each poll: check the clocks of the primary and of this host",
      { job_id: ahead.jobId },
    );
  }

  #take(context: LedgerContext, jobs: readonly Job[], time: PollTime): void {
    const { ledger } = this.#options;
    this.#accepted = true;
    if (jobs.length === 0) return;
    this.#report(context, jobs, time);
    for (const job of jobs) ledger.observe(job);
    ledger.sweep(time.windowStart);
    this.progress.read(jobs.length, context.logger);
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
        // Jobs that ended long ago are not read, but their ids are no new ones.
        this.#options.ledger.running.see(job.jobId);
        const place = believable(placeIn(this.#field, job), clock.now());
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
