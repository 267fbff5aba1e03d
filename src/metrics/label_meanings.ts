/**
 * What the labels mean, for the reference.
 *
 * @module
 */

/** Meaning by label name. */
export const LABEL_MEANINGS: Readonly<Record<string, string>> = Object.freeze({
  site: "Name of the NetBackup primary in the configuration",
  action: "Type of the job as NetBackup names it, `BACKUP`, `DUPLICATE`, `REPLICATE` …",
  class: "`success`, `partial`, `failed`, `cancelled` or `missed_window`",
  code: "HTTP status, or `network`, `timeout`, `aborted`",
  collector: "`storage` or `jobs`",
  commit: "Source commit of the build",
  endpoint: "Path of the endpoint below the API's base, `/admin/jobs`",
  goversion: "Runtime of the exporter; the name of the label is kept from the Go exporter",
  instant_access: "`true` when the unit is capable of instant access",
  is_cloud: "`true` when the unit is in the cloud",
  label: "Label whose value is `other`: `action`, `policy_type` or `status`",
  level: "Of jobs `root` or `child`; of log lines `debug`, `info`, `warning` or `error`",
  meaning: "What the status code means, in words",
  name: "Name of the storage unit, or of the queue reason",
  part: "`finished` or `unfinished` jobs",
  policy_type: "Type of the policy as NetBackup names it, `VMWARE`, `STANDARD` …",
  reason: "Of queued jobs the code of NetBackup's reason; of errors their class",
  replication_capable: "`true` when the unit is capable of replication",
  size: "`free` or `used`",
  source: "`storage` or `jobs`",
  state: "State of the job, `DONE`, `ACTIVE`, `QUEUED` …; `UNKNOWN` where it has none",
  status: "Status code of the job in decimal, `0` for success",
  subtype: "Subtype of the storage unit",
  type: "Type of the storage server",
  use_worm: "`true` when the unit uses WORM storage",
  version: "Version of the REST API, or of the exporter",
  worm_capable: "`true` when the unit is capable of WORM storage",
});
