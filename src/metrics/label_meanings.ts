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
  asset_type: "Type of the asset as NetBackup names it, `vm` …; `UNKNOWN` where it has none",
  category: "Category of the alert or audit record as NetBackup names it, `JOB`, `POLICY` …",
  class: "`success`, `partial`, `failed`, `cancelled` or `missed_window`",
  code:
    "HTTP status; without a response `dns`, `connect`, `tls`, `proxy`, `network`, `timeout` or `aborted`",
  collector: "Name of the collector, as its section in the configuration is called",
  commit: "Source commit of the build",
  copy_type: "Type of the copy as NetBackup names it, `DUPLICATE`, `REPLICATE_TO_REMOTE_MASTER` …",
  drive_name: "Name of the tape drive",
  drive_type: "Type of the tape drive as NetBackup names it, `DT_HCART`, `DT_DLT2` …",
  endpoint: "Path of the endpoint below the API's base, `/admin/jobs`",
  goversion: "Runtime of the exporter; the name of the label is kept from the Go exporter",
  host: "Name of the host",
  host_type: "`PRIMARY_SERVER`, `MEDIA_SERVER`, `CLIENT` or `NOT_DEFINED`",
  instant_access: "`true` when the unit is capable of instant access",
  is_cloud: "`true` when the unit is in the cloud",
  kms: "Name of the key management service",
  kms_type: "Type of the key management service, `NBKMS`, `KMIP` …",
  level: "Of jobs `root` or `child`; of log lines `debug`, `info`, `warning` or `error`",
  meaning: "What the status code means, in words",
  media_server: "Media server that the drive is attached to; empty where NetBackup names none",
  media_type: "Type of the tape volume as NetBackup names it, `HCART`, `DLT_CLN` …",
  metric: "Name of the metric that series were left out of",
  name: "Name of the storage unit, or of the queue reason",
  notification_type: "Type of the notification as NetBackup names it",
  operation: "What was done as NetBackup names it, `CREATE`, `MODIFY`, `DELETE` …",
  os: "Operating system as NetBackup names it",
  part: "Part of the jobs: `finished` or `unfinished`",
  plan: "Name of the protection plan",
  policy_type: "Type of the policy as NetBackup names it, `VMWARE`, `STANDARD` …",
  pool: "Volume pool of the tape volume; `UNKNOWN` where it has none",
  pool_name: "Name of the volume pool or of the disk pool",
  pool_type: "Type of the volume pool as NetBackup names it, `REGULAR_MEDIA_POOL` …",
  protected: "`true`, `false` or `unknown`",
  reason:
    "Of queued jobs the code of NetBackup's reason; of errors their class; of closed connections `limit` or `timeout`",
  replication_capable: "`true` when the unit is capable of replication",
  robot_number: "Number of the robot that the drive is in; empty for a drive without one",
  robot_type: "Type of the robot as NetBackup names it, `TLD`, `ACS` …; `NONE` where there is none",
  severity:
    "Severity of the alert or notification, `INFO`, `WARNING`, `ERROR` …, or of the anomaly, `HIGH`, `MEDIUM` or `LOW`; `UNKNOWN` where it has none",
  server: "Name of the media server, snapshot manager or discovered server",
  service: "Short name of the service, `bprd`",
  setting: "Name of the security setting as NetBackup has it",
  sink: "`stdout` or `file`",
  size: "`free` or `used`",
  slp: "Name of the storage lifecycle policy; `UNKNOWN` where the image names none",
  source: "`storage` or `jobs`; of anomalies `backup` or `system`",
  state:
    "State of the job, `DONE`, `ACTIVE`, `QUEUED` …, of the disk volume, `UP` or `DOWN`, or of the service, image, copy or key as NetBackup names it; `UNKNOWN` where it has none",
  status:
    "Of jobs the status code in decimal, `0` for success; of drives `DRIVE_STATUS_UP` …; of connections `reachable`, `unreachable` or `unknown`; of all else as NetBackup names it",
  storage_category: "Category of the disk pool as NetBackup names it, `MSDP`, `CLOUD` …",
  subtype: "Subtype of the storage unit, or of the workload",
  type: "Type of the storage server",
  use_worm: "`true` when the unit uses WORM storage",
  version: "Version of the REST API, of the exporter, or of NetBackup on the hosts",
  workload: "Name of the workload, `vmware`",
  worm_capable: "`true` when the unit is capable of WORM storage",
});
