/**
 * Backups of NetBackup's own catalog, without which no other backup can be restored.
 *
 * @module
 */
import { DAY_MS } from "../base/time_units.ts";
import { gauge } from "../metrics/define.ts";
import { instant, numeric } from "../netbackup/fields.ts";
import { allOf, compare } from "../netbackup/filters.ts";
import { firstRows, listResource } from "../netbackup/resource.ts";
import { jobSchema } from "../netbackup/resources/job_schema.ts";
import { JOBS_ENDPOINT } from "../netbackup/resources/jobs.ts";
import { row, type RowOf } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";

/** Catalog backups that have ended, the newest first; jobs are kept for some days only. */
const jobList = listResource({
  endpoint: JOBS_ENDPOINT,
  permission: "|MANAGE|JOBS|",
  since: "10.0",
  paging: "cursor",
  query: {
    filter: allOf(compare("policyType", "eq", "NBU_CATALOG"), compare("state", "eq", "DONE")),
    sort: "-endTime",
  },
  row: jobSchema,
});

const imageFields = {
  backupTime: instant(),
  backupStatus: numeric(0),
  kbytes: numeric(0, 0),
};

/** What catalog backups left behind; in no order that one could ask for. */
const imageList = listResource({
  endpoint: "/catalog/images",
  permission: "|MANAGE|IMAGES|",
  since: "10.0",
  row: row(imageFields),
  key: ({ id }) => id,
});

const BYTES_PER_KILOBYTE = 1024;
/** Some files could not be backed up; what could has been. */
const PARTIAL_SUCCESS = 1;
/** A success is looked for this far back first, as images may be kept for years. */
const USUAL_AGE_MS = 7 * DAY_MS;

/** The last run from its job, as it may have failed; the last success from the images, which stay. */
export const catalogBackup = defineCollector({
  name: "catalogBackup",
  summary: "The last backup of the NetBackup catalog: time, status and size.",
  enabledByDefault: true,
  interval: "15m",
  resources: { jobList, imageList },
  metrics: {
    success: gauge(
      "nbu_catalog_backup_last_success_timestamp_seconds",
      "Unix time at which the last successful backup of the NetBackup catalog began; 0 where there is" +
        " none",
    ),
    bytes: gauge(
      "nbu_catalog_backup_last_bytes",
      "Size of the last successful backup of the NetBackup catalog",
    ),
    end: gauge(
      "nbu_catalog_backup_last_end_timestamp_seconds",
      "Unix time at which a backup of the NetBackup catalog last ended, however it ended",
    ),
    status: gauge(
      "nbu_catalog_backup_last_status",
      "Status code with which a backup of the NetBackup catalog last ended; 0 is success, 1 is partial",
    ),
  },
  async collect({ read, metrics, now }) {
    const [job] = await read(firstRows(jobList, 1));
    if (job) {
      metrics.status.set({}, job.status);
      const end = job.endTimeMs ?? job.lastUpdateTimeMs;
      if (end !== undefined) metrics.end.set({}, end / 1000);
    }
    const imagesSince = (sinceMs: number) => {
      const ofCatalog = compare("policyType", "eq", "NBU-Catalog");
      // Without a bound, NetBackup gives the images of the last 24 hours.
      const since = compare("backupTime", "ge", new Date(sinceMs));
      return read(imageList, { filter: allOf(ofCatalog, since) });
    };
    const last = newestSuccess(await imagesSince(now - USUAL_AGE_MS)) ??
      newestSuccess(await imagesSince(0));
    metrics.success.set({}, (last?.backupTime ?? 0) / 1000);
    if (last) metrics.bytes.set({}, last.kbytes * BYTES_PER_KILOBYTE);
  },
});

type Image = RowOf<typeof imageFields>;

function newestSuccess(images: readonly Image[]) {
  let newest: { readonly backupTime: number; readonly kbytes: number } | undefined;
  for (const { backupTime, backupStatus, kbytes } of images) {
    const success = backupTime !== undefined && backupStatus <= PARTIAL_SUCCESS;
    if (success && backupTime > (newest?.backupTime ?? 0)) newest = { backupTime, kbytes };
  }
  return newest;
}
