/**
 * What the labels mean, for the reference.
 *
 * @module
 */

/** Meaning by label name. */
export const LABEL_MEANINGS: Readonly<Record<string, string>> = Object.freeze({
  site: "Name of the NetBackup primary in the configuration",
  address: "IP address and port, `0.0.0.0:9440`",
  action: "Type of the job as NetBackup names it, `BACKUP`, `DUPLICATE`, `REPLICATE` …",
  category: "Category of the alert as NetBackup names it, `JOB`",
  class: "`success`, `partial`, `failed`, `cancelled` or `missed_window`",
  client: "Name of the client as the job or the policy has it",
  code:
    "HTTP status; without a response `dns`, `connect`, `tls`, `proxy`, `network`, `timeout` or `aborted`",
  collector: "Name of the collector, as its section in the configuration is called",
  commit: "Source commit of the build",
  drive_name: "Name of the tape drive",
  drive_type: "Type of the tape drive as NetBackup names it, `DT_HCART`, `DT_DLT2` …",
  endpoint: "Path of the endpoint below the API's base, `/admin/jobs`",
  extreme: "`lowest` or `highest` of the clients of the policy",
  goversion: "Runtime of the exporter; the name of the label is kept from the Go exporter",
  instant_access: "`true` when the unit is capable of instant access",
  is_cloud: "`true` when the unit is in the cloud",
  label: "Label whose value is `other`: `action`, `policy_type` or `status`",
  level: "Of jobs `root` or `child`; of log lines `debug`, `info`, `warning` or `error`",
  meaning: "What the status code means, in words",
  media_server: "Media server that the drive is attached to; empty where NetBackup names none",
  media_type: "Type of the tape volume as NetBackup names it, `HCART`, `DLT_CLN` …",
  metric: "Name of the metric that series were left out of",
  name: "Name of the storage unit, or of the queue reason",
  part: "Part of the jobs: `finished` or `unfinished`",
  policy: "Name of the policy",
  policy_type: "Type of the policy as NetBackup names it, `VMWARE`, `STANDARD` …",
  pool: "Volume pool of the tape volume; `UNKNOWN` where it has none",
  pool_name: "Name of the volume pool or of the disk pool",
  pool_type: "Type of the volume pool as NetBackup names it, `REGULAR_MEDIA_POOL` …",
  reason:
    "Of queued jobs the code of NetBackup's reason; of errors their class; of closed connections `limit` or `timeout`",
  replication_capable: "`true` when the unit is capable of replication",
  robot_number: "Number of the robot that the drive is in; empty for a drive without one",
  robot_type: "Type of the robot as NetBackup names it, `TLD`, `ACS` …; `NONE` where there is none",
  schedule_type:
    "Type of the schedule as jobs name it, `FULL_BACKUP`, `DIFFERENTIAL_INCREMENTAL_BACKUP` …",
  severity: "Severity of the alert, `INFO`, `WARNING` or `ERROR`; `UNKNOWN` where it has none",
  sink: "`stdout` or `file`",
  size: "`free` or `used`",
  source: "`storage` or `jobs`",
  state:
    "State of the job, `DONE`, `ACTIVE`, `QUEUED` …, or of the disk volume, `UP` or `DOWN`; `UNKNOWN` where it has none. Of clients `met`, `missed`, `new` or `excluded`",
  status:
    "Of jobs the status code in decimal, `0` for success; of drives the status, `DRIVE_STATUS_UP` …",
  storage_category: "Category of the disk pool as NetBackup names it, `MSDP`, `CLOUD` …",
  subtype: "Subtype of the storage unit",
  trigger:
    "What paused the client, `AUTOMATIC` or `MANUAL`; `UNKNOWN` where NetBackup does not say",
  type: "Type of the storage server",
  use_worm: "`true` when the unit uses WORM storage",
  version: "Version of the REST API, or of the exporter",
  worm_capable: "`true` when the unit is capable of WORM storage",
});
