/**
 * What a collector is: resources in, metric families out.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { ApiSession, RequestContext } from "../netbackup/api.ts";
import type { Logger } from "../telemetry/logger.ts";

/** What one run of a collector gets. */
export interface CollectContext {
  /** Value of the label `site`. */
  readonly site: string;
  readonly session: ApiSession;
  /** Passed on to every request of this run. */
  readonly request: RequestContext;
  readonly clock: Clock;
  /** Length of the look-back window of the windowed job gauges, in milliseconds. */
  readonly windowMs: number;
  readonly logger: Logger;
}

/** What one successful run of a collector gives. */
export interface CollectorResult {
  /** What NetBackup said just now; withdrawn when it gets too old. */
  readonly families: readonly MetricFamily[];
  /** Counters and cumulative histograms: they stay, however old. */
  readonly cumulative: readonly MetricFamily[];
  /** Rows read from NetBackup. */
  readonly rows: number;
}

/** One source of metrics of one site. It may hold what its counters need between runs. */
export interface Collector {
  /** Value of the label `collector`. */
  readonly name: string;
  /**
   * Reads from NetBackup once.
   *
   * @throws NetBackupError When the reading failed: nothing of the run is published then.
   */
  collect(context: CollectContext): Promise<CollectorResult>;
  /** What changes while a run goes on; rendered at each scrape. */
  liveFamilies?(): readonly MetricFamily[];
  /** Keeps what is to survive a restart. Never throws. */
  flush?(logger: Logger): Promise<void>;
}
