/**
 * How policy types and schedule types are spelled outside the job list.
 *
 * @module
 */

const POLICY_TYPES: ReadonlyMap<string, string> = new Map([
  ["STANDARD", "Standard"],
  ["WINDOWS_NT", "MS-Windows"],
  ["VMWARE", "VMware"],
  ["HYPERV", "Hyper-V"],
  ["OBACKUP", "Oracle"],
  ["SQL_SERVER", "MS-SQL-Server"],
  ["SAP", "SAP"],
  ["EXCHANGE", "MS-Exchange-Server"],
  ["NDMP", "NDMP"],
  ["NAS_DATA_PROTECTION", "NAS-Data-Protection"],
  ["CLOUD", "Cloud"],
  ["NBU_CATALOG", "NBU-Catalog"],
]);

const SCHEDULES: ReadonlyMap<string, { readonly image: string; readonly policy: string }> = new Map(
  [
    ["FULL_BACKUP", { image: "FULL", policy: "Full Backup" }],
    ["DIFFERENTIAL_INCREMENTAL_BACKUP", {
      image: "DIFFERENTIAL_INCREMENTAL",
      policy: "Differential Incremental Backup",
    }],
    ["APPLICATION_BACKUP", { image: "USER_BACKUP", policy: "Application Backup" }],
  ],
);

/** A policy type of jobs, as images and policies spell it. */
export function policyTypeName(jobSpelling: string): string {
  return POLICY_TYPES.get(jobSpelling) ?? jobSpelling;
}

/** A schedule type of jobs, as images spell it. */
export function imageScheduleType(jobSpelling: string): string {
  return SCHEDULES.get(jobSpelling)?.image ?? "FULL";
}

/** A schedule type of jobs, as policies spell it. */
export function policyScheduleType(jobSpelling: string): string {
  return SCHEDULES.get(jobSpelling)?.policy ?? "Full Backup";
}
