/**
 * Values that the vendor documents for fields of a job (10.3 to 11.2 admin.yaml). Whatever else a
 * primary names, these keep their names as label values.
 *
 * @module
 */

/** Types of jobs, the label `action`. */
// deno-fmt-ignore
export const DOCUMENTED_ACTIONS: ReadonlySet<string> = new Set([
  "BACKUP", "ARCHIVE", "RESTORE", "VERIFY", "DUPLICATE", "IMPORT", "DBBACKUP", "VAULT",
  "LABEL", "ERASE", "TPREQ", "TPCLEAN", "TPFORMAT", "VMPHYSINV", "DQTS", "DBRECOVER",
  "MCONTENTS", "IMAGEDELETE", "GENERIC", "REPLICATE", "REPLICA_IMPORT", "SNAPDUPE",
  "SNAPREPLICATE", "SNAPIMPORT", "APP_STATE_CAPTURE", "INDEXING", "INDEXCLEANUP", "SNAPSHOT",
  "SNAPINDEX", "ACTIVATE_IR", "DEACTIVATE_IR", "REACTIVATE_IR", "STOP_IR", "INSTANT_RECOVERY",
  "RMAN_CATALOG", "LOCKVM", "DEPLOYMENT", "INSTANT_ACCESS", "CLOUD_SNAPSHOT_REPLICATE",
  "PREPARING_FOR_BACKUP", "INSTANT_SYNC", "TRIAL_BACKUP", "MULTIPLE_STORAGE_METADATA",
]);

/** Types of policies; empty = the job belongs to no policy. */
// deno-fmt-ignore
export const DOCUMENTED_POLICY_TYPES: ReadonlySet<string> = new Set([
  "",
  "STANDARD", "PROXY", "NONSTANDARD", "APOLLO_WBAK", "OBACKUP", "ANY", "INFORMIX", "SYBASE",
  "SHAREPOINT", "WINDOWS", "NETWARE", "BACKTRACK", "AUSPEX_FASTBACK", "WINDOWS_NT", "OS2",
  "SQL_SERVER", "EXCHANGE", "SAP", "DB2", "NDMP", "FLASHBACKUP", "SPLITMIRROR", "AFS", "DFS",
  "DATASTORE", "LOTUS_NOTES", "NCR_TERADATA", "VAX_VMS", "HP3000_MPE", "FBU_WINDOWS", "VAULT",
  "BE_SQL_SERVER", "BE_EXCHANGE", "MAC", "DS", "NBU_CATALOG", "GENERIC", "CMS_DB",
  "PUREDISK_EXPORT", "ENTERPRISE_VAULT", "VMWARE", "HYPERV", "NBU_SEARCHSERVER", "HYPERSCALE",
  "BIGDATA", "CLOUD", "DEPLOYMENT", "HYPERVISOR", "NUTANIX_AHV", "OLVM_RHV", "UNIVERSAL_SHARE",
  "NAS_DATA_PROTECTION", "MSDP_OBJECT_STORE", "EPIC_LARGE_FILE", "KVM", "KUBERNETES",
]);

/** States of jobs; `UNKNOWN` stands for none. */
export const DOCUMENTED_STATES: readonly string[] = Object.freeze(
  ["QUEUED", "ACTIVE", "REQUEUED", "DONE", "SUSPENDED", "INCOMPLETE"],
);
