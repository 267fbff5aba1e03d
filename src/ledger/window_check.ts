/**
 * Finds the jobs that were deleted on the primary: no list says so, and they would stay in the gauges
 * over the look-back window until they leave it by their age.
 *
 * Once in a while the primary is asked how many jobs of the window it has. Where that is another number
 * than that of the ledger, the window is read again in full. The newest jobs are left out: they may
 * still become visible.
 *
 * @module
 */
import { DAY_MS } from "../base/time_units.ts";
import type { RequestContext } from "../netbackup/api.ts";
import { HttpStatusError } from "../netbackup/errors.ts";
import { countJobs } from "../netbackup/resources/job_count.ts";
import { readByEnd } from "./by_end.ts";
import type { LedgerContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { ListFault } from "./list_fault.ts";
import { TIME_RESOLUTION_MS } from "./places.ts";
import { finishedQuery } from "./queries.ts";
import { RangeCursors } from "./range_cursors.ts";
import { withTimeLimit } from "./time_limit.ts";

/**
 * Time until a primary is asked again that refuses to count, or whose count cannot be reconciled with
 * its list, in milliseconds.
 */
const MAX_PAUSE_MS = DAY_MS;

/** Part of the time left of a poll that the check may take: what was read is worth more. */
const TIME_RATIO = 0.5;

/** What the check is made with. */
export interface WindowCheckOptions {
  readonly ledger: Ledger;
  /** How late jobs may become visible, in milliseconds. */
  readonly overlapMs: number;
  /** Told of each finished job that is read. */
  readonly onJob: (jobId: number) => void;
}

/** A re-reading, which may take several polls. */
interface Reading {
  readonly cursors: RangeCursors;
  readonly from: number;
  readonly to: number;
  /** What the primary counted. */
  readonly theirs: number;
}

/** Compares the window with the primary's own count, and reads it again. */
export class WindowCheck {
  /** Time from one question to the next, in milliseconds; 0 = none is asked. */
  intervalMs: number;
  readonly #options: WindowCheckOptions;
  /** When to ask next, on the monotonic clock; undefined before the first poll. */
  #nextMs: number | undefined;
  #reading: Reading | undefined;
  /** Readings in a row after which the numbers still differed. */
  #fruitless = 0;

  constructor(options: WindowCheckOptions, intervalMs: number) {
    this.#options = options;
    this.intervalMs = intervalMs;
  }

  /**
   * Asks, if it is time, and reads what that calls for. It fails only when the poll is aborted: a check
   * is not worth the jobs read.
   *
   * @param fromMs Begin of the look-back window.
   * @param begunMs When the poll began, by the primary's clock.
   * @param concurrency Ranges read at the same time.
   * @returns Rows read.
   */
  async run(
    context: LedgerContext,
    fromMs: number,
    begunMs: number,
    concurrency: number,
  ): Promise<number> {
    const { clock, request, logger } = context;
    const left = (request.deadline - clock.monotonic()) * TIME_RATIO;
    const limitMs = Number.isNaN(left) ? Infinity : left;
    try {
      return await withTimeLimit(clock, request, limitMs, async (inner) => {
        if (this.#isDue(clock.monotonic())) await this.#ask(context, inner, fromMs, begunMs);
        return await this.#read(context, inner, concurrency);
      });
    } catch (error) {
      request.signal.throwIfAborted();
      if (isRefusal(error)) this.#refused(context, error);
      else logger.debug("cannot compare job counts with the primary", { error });
      return 0;
    }
  }

  #isDue(now: number): boolean {
    if (this.intervalMs === 0 || this.#reading) return false;
    // A first poll has just read the window, unless it went on with what an earlier process had read.
    this.#nextMs ??= now + (this.#options.ledger.restored ? 0 : this.intervalMs);
    if (now < this.#nextMs) return false;
    const pauses = Math.max(1, Math.min(2 ** this.#fruitless, MAX_PAUSE_MS / this.intervalMs));
    this.#nextMs = now + this.intervalMs * pauses;
    return true;
  }

  async #ask(
    { session, logger }: LedgerContext,
    request: RequestContext,
    fromMs: number,
    begunMs: number,
  ): Promise<void> {
    const { ledger, overlapMs } = this.#options;
    const from = Math.ceil(fromMs / TIME_RESOLUTION_MS) * TIME_RESOLUTION_MS;
    const to = Math.floor((begunMs - overlapMs) / TIME_RESOLUTION_MS) * TIME_RESOLUTION_MS;
    if (to <= from) return;
    const theirs = await countJobs(session, finishedQuery("endTime", { from, to }).filter, request);
    const ours = ledger.shownIn(from, to);
    if (theirs === ours) {
      this.#fruitless = 0;
      return;
    }
    logger.debug("job count differs from the primary's: re-reading the window", { theirs, ours });
    ledger.countWindowMismatch();
    ledger.doubt(from, to);
    this.#reading = { cursors: new RangeCursors({ from, to }), from, to, theirs };
  }

  /** Reads what is left of a re-reading. */
  async #read(
    context: LedgerContext,
    request: RequestContext,
    concurrency: number,
  ): Promise<number> {
    const reading = this.#reading;
    if (!reading) return 0;
    const { ledger, onJob } = this.#options;
    let rows = 0;
    try {
      await readByEnd(context, request, {
        cursors: reading.cursors,
        concurrency,
        apply: (jobs) => {
          rows += jobs.length;
          for (const job of jobs) {
            ledger.observe(job);
            onJob(job.jobId);
          }
        },
      });
    } catch (error) {
      // The next poll goes on from where this one has come to, if anywhere. Of a list that cannot be
      // trusted, absence proves nothing.
      if (rows === 0 || error instanceof ListFault) this.#reading = undefined;
      throw error;
    }
    this.#reading = undefined;
    const jobs = ledger.dropDoubted();
    if (jobs > 0) {
      context.logger.info("jobs deleted on the primary: removed from windowed gauges", { jobs });
    }
    // The primary counts jobs that it does not show, for want of a permission on each of them.
    const agreed = ledger.shownIn(reading.from, reading.to) === reading.theirs;
    this.#fruitless = agreed || jobs > 0 ? 0 : this.#fruitless + 1;
    return rows;
  }

  #refused({ clock, logger }: LedgerContext, error: Error): void {
    this.#nextMs = clock.monotonic() + MAX_PAUSE_MS;
    logger.info(
      "primary cannot count jobs: deleted jobs stay in windowed gauges until they leave the window",
      { error },
    );
  }
}

/** Whether it makes no sense to ask again soon. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof ListFault) return true;
  return error instanceof HttpStatusError && error.status < 500 && error.status !== 408 &&
    error.status !== 429;
}
