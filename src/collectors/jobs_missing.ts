/**
 * What is wrong where a collector lives on finished jobs and there are none to be had.
 *
 * @module
 */

/** Why there are none: the collector `jobs` is off, or its last reading failed. */
export type JobsLack = "off" | "failed";

/** A collector that counts finished jobs has no up-to-date ones. It says nothing about the primary. */
export class JobsMissingError extends Error {
  override readonly name = "JobsMissingError";

  constructor(collector: string, site: string, lack: JobsLack) {
    super(
      lack === "off"
        ? `Collector "${collector}" of site "${site}" counts finished jobs, and the collector ` +
          `"jobs", which reads them, is off: set "collectors.jobs.enabled"`
        : `Collector "${collector}" of site "${site}" counts finished jobs, and the collector ` +
          `"jobs" could not read them: see why that failed`,
    );
  }
}
