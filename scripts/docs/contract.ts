/**
 * The metrics of the drop-in contract: names of the Go exporter, which stay as they are, with their
 * labels, even where they break a convention of Prometheus.
 *
 * @module
 */

/** Labels by name, `site` first. */
export const CONTRACT: Readonly<Record<string, readonly string[]>> = {
  nbu_up: ["site"],
  nbu_last_scrape_timestamp_seconds: ["site", "source"],
  nbu_api_version: ["site", "version"],
  nbu_response_time_ms: ["site"],
  nbu_disk_bytes: ["site", "name", "type", "size"],
  nbu_disk_capacity_bytes: ["site", "name", "type"],
  nbu_storage_max_concurrent_jobs: ["site", "name", "type"],
  nbu_storage_max_fragment_size_bytes: ["site", "name", "type"],
  nbu_storage_info: [
    ...["site", "name", "type", "subtype", "is_cloud", "worm_capable", "use_worm"],
    ...["replication_capable", "instant_access"],
  ],
  nbu_jobs_bytes: ["site", "action", "policy_type", "status"],
  nbu_jobs_count: ["site", "action", "policy_type", "status"],
  nbu_status_count: ["site", "action", "status"],
  nbu_jobs_state_count: ["site", "action", "state"],
  nbu_jobs_files_count: ["site", "action", "policy_type"],
  nbu_jobs_dedup_ratio: ["site", "action", "policy_type"],
  nbu_jobs_queued_count: ["site", "action", "reason"],
  nbu_job_duration_seconds: ["site", "action", "policy_type"],
  nbu_alerts_count: ["site", "severity", "category"],
  nbu_tape_drives_count: ["site", "drive_type", "robot_type", "status"],
  nbu_tape_drive_info: [
    ...["site", "drive_name", "media_server", "drive_type", "robot_number", "status"],
  ],
  nbu_tape_media_count: ["site", "pool", "media_type", "robot_type"],
  nbu_tape_robot_device_hosts: ["site"],
  nbu_tape_pool_partially_full: ["site", "pool_name", "pool_type"],
  nbu_disk_pool_volume_count: ["site", "pool_name", "storage_category", "state"],
  nbu_malware_files_scanned: ["site"],
  nbu_malware_files_infected: ["site"],
  nbu_malware_scan_count: ["site", "status"],
  nbu_catalog_images_count: ["site", "malware_status", "anomaly_status"],
  nbu_slo_count: ["site"],
  nbu_client_last_successful_backup_timestamp_seconds: ["site", "client"],
  nbu_client_jobs_count: ["site", "client", "action", "status"],
  nbu_client_last_job_success_seconds: ["site", "client", "policy", "action"],
  nbu_exporter_build_info: ["version", "goversion", "commit"],
};
