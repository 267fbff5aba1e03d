/**
 * What the ledger gets for a poll, and what it gives back.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { ApiSession, RequestContext } from "../netbackup/api.ts";
import type { Logger } from "../telemetry/logger.ts";

/** What one poll of the ledger gets. */
export interface LedgerContext {
  /** Value of the label `site`. */
  readonly site: string;
  readonly session: ApiSession;
  /** Passed on to every request of this poll. */
  readonly request: RequestContext;
  readonly clock: Clock;
  /** Length of the look-back window of the windowed job gauges, in milliseconds. */
  readonly windowMs: number;
  /**
   * The primary's own present time, milliseconds since the epoch, as its last response told it (in the
   * header `Date`), with the time that has passed since by `clock.monotonic()`. Undefined while it has
   * told none; absent where nobody asks.
   */
  readonly primaryTime?: () => number | undefined;
  readonly logger: Logger;
}

/** What one successful poll of the ledger gives. */
export interface LedgerResult {
  /** What NetBackup said just now; to be withdrawn when it gets too old. */
  readonly families: readonly MetricFamily[];
  /** Counters and cumulative histograms: they stay, however old. */
  readonly cumulative: readonly MetricFamily[];
  /** Rows read from NetBackup. */
  readonly rows: number;
}
