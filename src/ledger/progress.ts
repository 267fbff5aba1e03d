/**
 * How far a long read has come.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { LogFields, Logger } from "../telemetry/logger.ts";
import type { RangeCursors } from "./range_cursors.ts";

/** Time between two lines of progress in the log. */
const MIN_LOG_INTERVAL_MS = 10_000;

/** Follows the reading of finished jobs over one or more polls. */
export class Progress {
  #clock: Clock | undefined;
  #unread: () => number = () => 0;
  #total = 0;
  /** A poll has begun and has not read all there was. */
  #reading = false;
  /** All there was has been read once. */
  #ended = false;
  #jobs = 0;
  #begunAt = 0;
  #loggedAt = 0;
  #logged = false;

  /**
   * Begins a poll.
   *
   * @param cursors What is left to read, advanced by the reader.
   * @param newest End of the known time; undefined when unknown.
   */
  begin(clock: Clock, cursors: RangeCursors, newest: () => number | undefined): void {
    this.#clock = clock;
    this.#unread = () => unreadMs(cursors, newest());
    // A read that goes on after a failed poll does not begin at 0 again.
    this.#total = Math.max(this.#unread(), this.#reading ? this.#total : 0);
    this.#reading = true;
    this.#jobs = 0;
    this.#begunAt = clock.monotonic();
    this.#loggedAt = this.#begunAt;
    this.#logged = false;
  }

  /** Notes jobs read; says so in the log now and then. */
  read(jobs: number, logger: Logger): void {
    this.#jobs += jobs;
    const now = this.#clock?.monotonic() ?? 0;
    if (now - this.#loggedAt < MIN_LOG_INTERVAL_MS) return;
    this.#loggedAt = now;
    this.#logged = true;
    logger.info("reading finished jobs", this.#fields(now));
  }

  /** Ends a poll that read all there was. */
  end(logger: Logger): void {
    this.#reading = false;
    this.#ended = true;
    if (this.#logged) {
      logger.info("read all finished jobs", this.#fields(this.#clock?.monotonic() ?? 0));
    }
  }

  /**
   * Part of the time range that has been read, 0 to 1; 0 while it is not known how much there is.
   *
   * @returns Undefined before reading has begun.
   */
  ratio(): number | undefined {
    if (!this.#clock) return undefined;
    if (!this.#reading) return 1;
    const unread = this.#unread();
    // How much there is may be found out on the way.
    this.#total = Math.max(this.#total, unread);
    if (this.#total === 0) return this.#ended ? 1 : 0;
    return 1 - unread / this.#total;
  }

  #fields(now: number): LogFields {
    const seconds = (now - this.#begunAt) / 1000;
    return {
      jobs: this.#jobs,
      jobs_per_second: seconds > 0 ? Math.round(this.#jobs / seconds) : 0,
      progress: Math.round((this.ratio() ?? 0) * 1000) / 1000,
    };
  }
}

function unreadMs(cursors: RangeCursors, newest: number | undefined): number {
  let sum = 0;
  for (const { from, to } of cursors.all) sum += Math.max(0, (to ?? newest ?? from) - from);
  return sum;
}
