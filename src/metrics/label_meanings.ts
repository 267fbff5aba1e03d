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
  anomaly_status:
    "Result of the anomaly detection as NetBackup names it, `ANOMALOUS` …; `UNKNOWN` where it has none",
  ca: "Subject of the certificate authority",
  category:
    "Category as NetBackup names it: of alerts `JOB` …, of disk pools and storage servers `MSDP`, `CLOUD` …",
  class: "`success`, `partial`, `failed`, `cancelled` or `missed_window`",
  client: "Name of the client as the job or the policy has it",
  code:
    "HTTP status; without a response `dns`, `connect`, `tls`, `proxy`, `network`, `timeout` or `aborted`",
  collector: "Name of the collector, as its section in the configuration is called",
  commit: "Source commit of the build",
  disk_pool: "Name of the disk pool",
  drive_name: "Name of the tape drive",
  drive_type: "Type of the tape drive as NetBackup names it, `DT_HCART`, `DT_DLT2` …",
  endpoint: "Path of the endpoint below the API's base, `/admin/jobs`",
  extreme: "`lowest` or `highest` of the clients of the policy",
  entitlement: "Id of the entitlement",
  expires_within: "Range of the time that is left: `expired`, `7d`, `30d`, `90d` or `later`",
  goversion: "Runtime of the exporter; the name of the label is kept from the Go exporter",
  host: "Name of the host",
  instant_access: "`true` when the unit is capable of instant access",
  is_cloud: "`true` when the unit is in the cloud",
  label: "Label whose value is `other`: `action`, `policy_type` or `status`",
  kind:
    "What expires: `api_key`, `certificate_authority`, `entitlement`, `host_certificate`, `service_contract` or `web_certificate`",
  level: "Of jobs `root` or `child`; of log lines `debug`, `info`, `warning` or `error`",
  malware_status:
    "Result of the malware scan as NetBackup names it, `CLEAN`, `IMPACTED` …; `UNKNOWN` where it has none",
  meaning: "What the status code means, in words",
  media_server: "Media server that the drive is attached to; empty where NetBackup names none",
  media_type: "Type of the tape volume as NetBackup names it, `HCART`, `DLT_CLN` …",
  meter: "What an entitlement is measured by, `FETB`, `CPU` …",
  metric: "Name of the metric that series were left out of",
  name: "Name of the storage unit, of the queue reason, or of what expires",
  part: "Part of the jobs: `finished` or `unfinished`",
  policy: "Name of the policy",
  policy_type: "Type of the policy as NetBackup names it, `VMWARE`, `STANDARD` …",
  pool: "Volume pool of the tape volume; `UNKNOWN` where it has none",
  pool_name: "Name of the volume pool or of the disk pool",
  pool_type: "Type of the volume pool as NetBackup names it, `REGULAR_MEDIA_POOL` …",
  primary: "Name of the primary server whose data is counted",
  product: "Name of the licensed product",
  reason:
    "Of queued jobs the code of NetBackup's reason; of errors their class; of closed connections `limit` or `timeout`",
  replication_capable: "`true` when the unit is capable of replication",
  robot_number: "Number of the robot that the drive is in; empty for a drive without one",
  robot_type: "Type of the robot as NetBackup names it, `TLD`, `ACS` …; `NONE` where there is none",
  result: "Result of the scan as NetBackup names it, `CLEAN`, `IMPACTED` …",
  serial: "Serial number of the certificate",
  server: "Name of the primary server as it has it itself",
  schedule_type:
    "Type of the schedule as jobs name it, `FULL_BACKUP`, `DIFFERENTIAL_INCREMENTAL_BACKUP` …",
  severity: "Severity of the alert, `INFO`, `WARNING` or `ERROR`; `UNKNOWN` where it has none",
  share: "Name of the universal share",
  sink: "`stdout` or `file`",
  size: "`free` or `used`",
  source: "`storage` or `jobs`",
  state:
    "State of the job, `DONE`, `ACTIVE`, `QUEUED` …, of the disk volume, `UP` or `DOWN`, of the certificate or its authority, `ACTIVE`, `REVOKED` …, or of the migration to a new authority; `UNKNOWN` where it has none. Of clients `met`, `missed`, `new` or `excluded`",
  status:
    "Of jobs the status code in decimal, `0` for success; of drives and their paths the status, `DRIVE_STATUS_UP` …; of tape volumes a word of it, `FROZEN` …; of scans their state, `SCAN_COMPLETED` …",
  storage_category: "Category of the disk pool as NetBackup names it, `MSDP`, `CLOUD` …",
  storage_server: "Name of the storage server",
  subtype: "Subtype of the storage unit",
  trigger:
    "What paused the client, `AUTOMATIC` or `MANUAL`; `UNKNOWN` where NetBackup does not say",
  type: "Type of the storage server, `PureDisk` …, or of the licence, `SUBSCRIPTION` …",
  use_worm: "`true` when the unit uses WORM storage",
  user: "Name of the user whom the API key belongs to",
  version: "Version of the REST API, of the exporter, or of NetBackup; empty where it is not known",
  volume: "Name of the disk volume",
  worm_capable: "`true` when the unit is capable of WORM storage",
});
