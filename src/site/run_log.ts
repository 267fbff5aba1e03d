/**
 * What the log says of the runs of one collector: what is new at once, what goes on now and then.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { HOUR_MS } from "../base/time_units.ts";
import { errorLogFields } from "../netbackup/errors.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { RunFailure } from "./collector_state.ts";

/** While a failure lasts it is logged again after this time, in milliseconds. */
const REMIND_MS = HOUR_MS;

/** What a log of runs needs. */
export interface RunLogOptions {
  readonly logger: Logger;
  readonly clock: Clock;
}

interface Failing {
  readonly message: string;
  readonly since: number;
  readonly sinceMonotonic: number;
  runs: number;
  loggedAt: number;
}

/** Logs the runs of one collector, also from one site object to the next of the same primary. */
export class RunLog {
  readonly #options: RunLogOptions;
  #failing: Failing | undefined;
  #unsupported = false;
  #succeeded = false;

  constructor(options: RunLogOptions) {
    this.#options = options;
  }

  /** A run went well. */
  success(rows: number, seconds: number): void {
    const { logger, clock } = this.#options;
    const fields = { rows, seconds: rounded(seconds) };
    if (this.#failing) {
      const { runs, sinceMonotonic } = this.#failing;
      const failed_seconds = rounded((clock.monotonic() - sinceMonotonic) / 1000);
      logger.info("collection recovered", { ...fields, failed_runs: runs, failed_seconds });
    } else if (!this.#succeeded) logger.info("first collection succeeded", fields);
    else logger.debug("collected", fields);
    this.#failing = undefined;
    this.#unsupported = false;
    this.#succeeded = true;
  }

  /** A run found that the release has nothing to read. */
  unsupported(message: string, seconds: number): void {
    const { logger } = this.#options;
    const fields = { message, seconds: rounded(seconds) };
    if (this.#unsupported) logger.debug("collector still not supported", fields);
    else logger.info("collector not supported by this NetBackup release", fields);
    this.#failing = undefined;
    this.#unsupported = true;
  }

  /**
   * A run failed. The first failure is logged at once, one that lasts every hour.
   *
   * @param isKnown Another collector of the site has the same trouble and was logged for it.
   */
  failure(failure: RunFailure, error: unknown, seconds: number, isKnown: boolean): void {
    const { logger, clock } = this.#options;
    const fields = {
      reason: failure.reason,
      ...errorLogFields(error),
      seconds: rounded(seconds),
    };
    const now = clock.monotonic();
    const failing = this.#failing ??= {
      message: failure.message,
      since: clock.now(),
      sinceMonotonic: now,
      runs: 0,
      loggedAt: -Infinity,
    };
    failing.runs += 1;
    const isNew = failing.runs === 1 || failing.message !== failure.message;
    if (isNew && isKnown) {
      logger.debug(
        "collection failed for the same reason as other collectors of this site",
        fields,
      );
      failing.loggedAt = now;
    } else if (isNew) {
      logger.warn("collection failed", fields);
      failing.loggedAt = now;
    } else if (now - failing.loggedAt >= REMIND_MS) {
      const failing_since = new Date(failing.since).toISOString();
      logger.warn("collection still failing", {
        ...fields,
        failed_runs: failing.runs,
        failing_since,
      });
      failing.loggedAt = now;
    } else logger.debug("collection failed again", fields);
    if (isNew) this.#failing = { ...failing, message: failure.message };
  }

  /** The last result is too old to be shown. */
  withdrawn(): void {
    this.#options.logger.warn("withdrew series: last result is too old");
  }
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
