/**
 * Counts the series that were left out.
 *
 * @module
 */
import type { CollectorDefinition } from "../collectors/collector.ts";
import { exporterSeriesDroppedTotal } from "../metrics/catalogue.ts";
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { Logger } from "../telemetry/logger.ts";

/** Series left out, by metric, of all sites together. */
export class DroppedSeries {
  readonly #logger: Logger;
  readonly #counts = new Map<string, number>();

  /** Every metric of a collector begins at 0. */
  constructor(definitions: readonly CollectorDefinition[], logger: Logger) {
    this.#logger = logger;
    for (const { metrics } of definitions) {
      for (const { name } of metrics) this.#counts.set(name, 0);
    }
  }

  /** Counts series of a metric; the first of each metric is worth a warning. */
  add(metric: string, series: number): void {
    const before = this.#counts.get(metric) ?? 0;
    if (before === 0) {
      this.#logger.warn(
        "dropped series: maxSeries exceeded or duplicate labels",
        { metric, series },
      );
    }
    this.#counts.set(metric, before + series);
  }

  /** The counts as they stand. */
  family(): MetricFamily {
    const family = familyBuilder(exporterSeriesDroppedTotal);
    for (const [metric, count] of this.#counts) family.set({ metric }, count);
    return family.build();
  }
}
