/**
 * Families of the exporter's own log and configuration.
 *
 * @module
 */
import type { LogLevel } from "../base/log_level.ts";
import {
  exporterConfigLastReloadSuccessful,
  exporterConfigLastReloadSuccessTimestampSeconds,
  exporterLogMessagesTotal,
} from "./catalogue.ts";
import { familyBuilder, singleSample } from "./family.ts";
import type { MetricFamily } from "./types.ts";

/** How the last attempt to load the configuration went. */
export interface ReloadStatus {
  readonly successful: boolean;
  /** Last success, in milliseconds since the Unix epoch. */
  readonly lastSuccessMs: number;
}

/** Lines logged, by level; a level without any is 0. */
export function logFamily(counts: Readonly<Record<LogLevel, number>>): MetricFamily {
  const family = familyBuilder(exporterLogMessagesTotal);
  for (const [level, count] of Object.entries(counts)) family.set({ level }, count);
  return family.build();
}

/** The state of the configuration. */
export function reloadFamilies({ successful, lastSuccessMs }: ReloadStatus): MetricFamily[] {
  return [
    singleSample(exporterConfigLastReloadSuccessful, {}, successful ? 1 : 0),
    singleSample(exporterConfigLastReloadSuccessTimestampSeconds, {}, lastSuccessMs / 1000),
  ];
}
