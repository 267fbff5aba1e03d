/**
 * What the labels mean, for the reference: those that several collectors have, or the exporter itself,
 * or the drop-in contract. What a label means that only one collector has is declared with it.
 *
 * @module
 */

/** Meaning by label name. */
export const LABEL_MEANINGS: Readonly<Record<string, string>> = Object.freeze({
  site: "Name of the NetBackup primary in the configuration",
  action: "Type of the job as NetBackup names it, `BACKUP`, `DUPLICATE`, `REPLICATE` …",
  address: "IP address and port, `0.0.0.0:9440`",
  anomaly_status:
    "Result of the anomaly detection as NetBackup names it, `ANOMALOUS` …; `UNKNOWN` where it has none",
  category:
    "Category as NetBackup names it: of alerts `JOB` …, of disk pools and storage servers `MSDP`, `CLOUD` …, of audit records `POLICY`, `LOGIN` …",
  client: "Name of the client as the job or the policy has it",
  code:
    "HTTP status; without a response `dns`, `connect`, `tls`, `proxy`, `network`, `timeout` or `aborted`",
  collector: "Name of the collector, as its section in the configuration is called",
  commit: "Source commit of the build",
  drive_name: "Name of the tape drive",
  drive_type: "Type of the tape drive as NetBackup names it, `DT_HCART`, `DT_DLT2` …",
  endpoint: "Path of the endpoint below the API's base, `/admin/jobs`",
  goversion: "Runtime of the exporter; the name of the label is kept from the Go exporter",
  host: "Name of the host",
  instant_access: "`true` when the unit is capable of instant access",
  is_cloud: "`true` when the unit is in the cloud",
  kind:
    "What expires: `api_key`, `certificate_authority`, `web_certificate` …; of storage `disk_pool` or `storage_unit`",
  level: "Of jobs `root` or `child`; of log lines `debug`, `info`, `warning` or `error`",
  malware_status:
    "Result of the malware scan as NetBackup names it, `CLEAN`, `IMPACTED` …; `UNKNOWN` where it has none",
  media_server: "Media server that the drive is attached to; empty where NetBackup names none",
  media_type: "Type of the tape volume as NetBackup names it, `HCART`, `DLT_CLN` …",
  metric: "Name of the metric that series were left out of",
  name: "Name of the storage unit or disk pool, of the queue reason, or of what expires",
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
  server:
    "Name of the primary server as it has it itself, of the media server, of the snapshot manager, or of the server with assets",
  severity:
    "Severity as NetBackup names it: of alerts and notifications `INFO`, `WARNING`, `ERROR` …, of anomalies `HIGH`, `MEDIUM` or `LOW`; `UNKNOWN` where there is none",
  sink: "`stdout` or `file`",
  size: "`free` or `used`",
  source: "`storage` or `jobs`; of anomalies `backup` or `system`",
  state:
    "State of the job, `DONE`, `ACTIVE`, `QUEUED` …, of the disk volume, `UP` or `DOWN`, of the certificate or its authority, `ACTIVE`, `REVOKED` …, of the migration to a new authority, or of the service, image, copy or key; `UNKNOWN` where it has none. Of clients `met`, `missed`, `new` or `excluded`",
  status:
    "Of jobs the status code in decimal, `0` for success; of drives and their paths the status, `DRIVE_STATUS_UP` …; of tape volumes a word of it, `FROZEN` …; of scans their state, `SCAN_COMPLETED` …; of connections `reachable`, `unreachable` or `unknown`; of all else as NetBackup names it",
  storage_category: "Category of the disk pool as NetBackup names it, `MSDP`, `CLOUD` …",
  storage_server: "Name of the storage server",
  subtype: "Subtype of the storage unit, or of the workload",
  type: "Type of the storage server, `PureDisk` …, or of the licence, `SUBSCRIPTION` …",
  use_worm: "`true` when the unit uses WORM storage",
  version:
    "Version of the REST API, of the exporter, or of NetBackup; empty or `UNKNOWN` where it is not known",
  workload: "Name of the workload, `vmware`",
  worm_capable: "`true` when the unit is capable of WORM storage",
});
