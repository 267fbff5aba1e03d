/**
 * Reads what has finished since the last poll, or all of the window at the first.
 *
 * @module
 */
import type { Job } from "../../netbackup/resources/job.ts";
import { jobPages } from "../../netbackup/resources/jobs.ts";
import { HttpStatusError } from "../../netbackup/errors.ts";
import type { RequestContext } from "../../netbackup/api.ts";
import type { CollectContext } from "../collector.ts";
import type { Ledger } from "./ledger.ts";
import { Progress } from "./progress.ts";
import { finishedQuery, newestQuery, type PlaceField, placeOf } from "./queries.ts";
import { readRanges } from "./reader.ts";

/** How finished jobs are read. */
export interface FinishedOptions {
  readonly ledger: Ledger;
  /** Ranges read at the same time. */
  readonly concurrency: number;
  /** How long after the fact a row may become visible, in milliseconds. */
  readonly overlapMs: number;
  /** The same where jobs are read by their end time: updates after the end come late as well. */
  readonly fallbackOverlapMs: number;
  /** Something was taken in: the checkpoint is out of date. */
  readonly onChange: () => void;
  /** Keeps what was just begun, so that a restart begins at the same time. */
  readonly onBegin: (context: CollectContext) => Promise<void>;
}

/** A read of more pages is worth a request more to find out how it can be divided. */
const LONG_READ_PAGES = 200;

/** So is one that is this far behind, in milliseconds. */
const LONG_LAG_MS = 15 * 60_000;

/** Reads finished jobs into a ledger, poll after poll. */
export class FinishedJobs {
  readonly progress = new Progress();
  readonly #options: FinishedOptions;
  #field: PlaceField = "lastUpdateTime";
  /** Newest place there is, as far as known. */
  #newest: number | undefined;

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
    context: CollectContext,
    request: RequestContext,
    windowStart: number,
  ): Promise<number> {
    try {
      return await this.#read(context, request, windowStart);
    } catch (error) {
      const refused = error instanceof HttpStatusError && error.status === 400;
      if (!refused || this.fallback) throw error;
      context.logger.warn(
        "the primary refuses to filter jobs by lastUpdateTime: they are read by endTime, and jobs" +
          " that change long after their end are missed",
        { error },
      );
      this.#fallBack();
      return await this.#read(context, request, windowStart);
    }
  }

  /** Reads what ended within the window but before the time held, for the gauges only. */
  async readOlder(
    context: CollectContext,
    request: RequestContext,
    windowStart: number,
  ): Promise<number> {
    const { ledger, concurrency } = this.#options;
    if (windowStart >= ledger.heldFrom) return 0;
    let rows = 0;
    await readRanges({
      ranges: [{ from: windowStart, to: ledger.heldFrom }],
      concurrency,
      pages: (range, inner) => jobPages(context.session, finishedQuery("endTime", range), inner),
      placeOf: (job) => placeOf("endTime", job),
      apply: (jobs) => {
        rows += jobs.length;
        for (const job of jobs) ledger.recollect(job);
      },
      overlapMs: 0,
      elapsed: () => 0,
      divisibleUntil: () => Promise.resolve(undefined),
    }, request);
    ledger.heldFrom = windowStart;
    return rows;
  }

  #fallBack(): void {
    const { ledger, fallbackOverlapMs, overlapMs } = this.#options;
    this.#field = "endTime";
    this.#newest = undefined;
    // What was settled by update time is not settled by end time.
    for (const range of ledger.ranges) {
      range.from = Math.max(0, range.from - Math.max(0, fallbackOverlapMs - overlapMs));
    }
  }

  async #read(
    context: CollectContext,
    request: RequestContext,
    windowStart: number,
  ): Promise<number> {
    const { session, clock, logger } = context;
    const { ledger, concurrency, onChange } = this.#options;
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
      // By the exporter's clock, unless that is ahead: NetBackup's own times come first. Where no
      // job has ever finished, every one that will is new.
      ledger.begin(newest === undefined ? 0 : Math.min(windowStart, newest), overlapMs);
      onChange();
      await this.#options.onBegin(context);
    }
    this.progress.begin(clock, ledger.ranges, () => this.#newest);
    let rows = 0;
    await readRanges({
      ranges: ledger.ranges,
      concurrency,
      pages: (range, inner) => jobPages(session, finishedQuery(field, range), inner),
      placeOf: (job) => placeOf(field, job),
      apply: (jobs) => {
        rows += jobs.length;
        this.#apply(jobs, windowStart);
        this.progress.read(jobs.length, logger);
      },
      overlapMs,
      elapsed,
      divisibleUntil: async (pages, place, inner) => {
        const long = pages >= LONG_READ_PAGES ||
          (pages > 1 && clock.now() - place > LONG_LAG_MS);
        if (until === undefined && long) await probe(inner);
        return until;
      },
    }, request);
    ledger.endReading();
    this.progress.end(logger);
    return rows;
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
    { session }: CollectContext,
    request: RequestContext,
  ): Promise<number | undefined> {
    let newest: number | undefined;
    for await (const { rows } of jobPages(session, newestQuery(this.#field), request)) {
      for (const job of rows) {
        const place = placeOf(this.#field, job);
        if (place !== undefined) newest = Math.max(place, newest ?? place);
      }
      break;
    }
    this.#newest = newest;
    return newest;
  }
}
