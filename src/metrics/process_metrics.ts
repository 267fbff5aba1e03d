/**
 * The exporter's own process. The library's default metrics are not used: on Deno they are wrong
 * without permission for everything, as they read `/proc`. For the same reason there are no
 * `process_open_fds`, `process_max_fds` and `process_virtual_memory_bytes`: nothing else tells them.
 *
 * @module
 */
import process from "node:process";
import {
  exporterEventLoopDelaySeconds,
  processCpuSecondsTotal,
  processHeapBytes,
  processResidentMemoryBytes,
  processStartTimeSeconds,
} from "./catalogue.ts";
import { singleSample } from "./family.ts";
import type { MetricFamily } from "./types.ts";

/** Where the figures come from; none of it needs a permission. */
export interface ProcessSource {
  /** Bytes. */
  memory(): { readonly rss: number; readonly heapTotal: number };
  /** Microseconds of processor time. */
  cpu(): { readonly user: number; readonly system: number };
  /** Start of the process in milliseconds since the Unix epoch. */
  readonly startTimeMs: number;
}

/** This process. */
export const currentProcess: ProcessSource = {
  memory: () => Deno.memoryUsage(),
  cpu: () => process.cpuUsage(),
  startTimeMs: performance.timeOrigin,
};

/**
 * The `process_` families as they stand.
 *
 * @param eventLoopDelaySeconds Longest recent delay of a timer.
 * @param source Where the rest comes from.
 */
export function processFamilies(
  eventLoopDelaySeconds: number,
  source: ProcessSource = currentProcess,
): MetricFamily[] {
  const { rss, heapTotal } = source.memory();
  const { user, system } = source.cpu();
  return [
    singleSample(processCpuSecondsTotal, {}, (user + system) / 1e6),
    singleSample(processResidentMemoryBytes, {}, rss),
    singleSample(processHeapBytes, {}, heapTotal),
    singleSample(processStartTimeSeconds, {}, source.startTimeMs / 1000),
    singleSample(exporterEventLoopDelaySeconds, {}, eventLoopDelaySeconds),
  ];
}
