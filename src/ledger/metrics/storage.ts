/**
 * Metrics of the jobs that occupy storage units.
 *
 * @module
 */
import { defineMetric } from "../../metrics/define.ts";

export const storageActiveJobs = defineMetric(
  "nbu_storage_active_jobs",
  "gauge",
  "Active jobs without children that write to a storage unit, to be set against" +
    " nbu_storage_max_concurrent_jobs; 0 for a unit that had some earlier",
  ["site", "name"],
);
