/**
 * Clients, policies and storage units of the simulated world, some with names that break programs
 * which paste names together.
 *
 * @module
 */

/** A backup policy. */
export interface Policy {
  readonly name: string;
  /** As jobs spell it; only types that every release knows. */
  readonly type: string;
  readonly schedules: readonly [Schedule, ...Schedule[]];
}

/** A schedule of a policy. */
export interface Schedule {
  readonly name: string;
  readonly type: string;
}

const FULL: Schedule = { name: "Weekly-Full", type: "FULL_BACKUP" };
const INCREMENTAL: Schedule = { name: "Daily-Incr", type: "DIFFERENTIAL_INCREMENTAL_BACKUP" };
const USER: Schedule = { name: "Default-Application-Backup", type: "APPLICATION_BACKUP" };

const files: Policy["schedules"] = [INCREMENTAL, INCREMENTAL, INCREMENTAL, FULL];
const databases: Policy["schedules"] = [USER, FULL];

/** All policies. */
export const POLICIES: readonly [Policy, ...Policy[]] = [
  { name: "POL-LINUX-FS", type: "STANDARD", schedules: files },
  { name: "POL-LINUX-HOME", type: "STANDARD", schedules: files },
  { name: "POL-WIN-FS", type: "WINDOWS_NT", schedules: files },
  { name: "POL-WIN-DESKTOP", type: "WINDOWS_NT", schedules: files },
  { name: "POL-VMWARE-GOLD", type: "VMWARE", schedules: files },
  { name: "POL-VMWARE-SILVER", type: "VMWARE", schedules: files },
  { name: "POL-HYPERV", type: "HYPERV", schedules: files },
  { name: "POL-ORACLE-PROD", type: "OBACKUP", schedules: databases },
  { name: "POL-SQL-PROD", type: "SQL_SERVER", schedules: databases },
  { name: "POL-SAP", type: "SAP", schedules: databases },
  { name: "POL-EXCHANGE", type: "EXCHANGE", schedules: databases },
  { name: "POL-NAS-NDMP", type: "NDMP", schedules: files },
  { name: "POL-NAS", type: "NAS_DATA_PROTECTION", schedules: files },
  { name: "POL-CLOUD", type: "CLOUD", schedules: files },
  { name: "prod|db|gold", type: "STANDARD", schedules: files },
  { name: 'the "big" one', type: "STANDARD", schedules: files },
  { name: "O'Brien\\share", type: "WINDOWS_NT", schedules: files },
  { name: "a,b=c{d}", type: "STANDARD", schedules: files },
  { name: "Sicherung täglich 📦", type: "STANDARD", schedules: files },
  { name: "two\nlines", type: "STANDARD", schedules: files },
];

/** The policy of the catalogue backup. */
export const CATALOG_POLICY: Policy = {
  name: "NBU-CATALOG",
  type: "NBU_CATALOG",
  schedules: [FULL, INCREMENTAL],
};

const AWKWARD_CLIENTS = [
  "pipe|client",
  'quote"client',
  "back\\slash",
  "comma,client",
  "brace{}client",
  "emoji-🦕.example.com",
  "O'Hara.example.com",
  "with space %20.example.com",
];

/** All clients. */
export const CLIENTS: readonly [string, ...string[]] = [
  "app01.example.com",
  ...Array.from({ length: 51 }, (_, n) => `host${String(n + 1).padStart(2, "0")}.example.com`),
  ...AWKWARD_CLIENTS,
];

/** Storage units that backups are written to; `storage/units.ts` has units of these names. */
export const BACKUP_UNITS: readonly [string, ...string[]] = [
  "stu_msdp_01",
  "stu_msdp_02",
  "stu_adv_03",
];

/** What kinds of jobs there are, each with its share of all jobs. */
export const KINDS = [
  ["BACKUP", 0.66],
  ["DUPLICATE", 0.08],
  ["RESTORE", 0.05],
  ["IMAGEDELETE", 0.05],
  ["REPLICATE", 0.04],
  ["SNAPSHOT", 0.04],
  ["REPLICA_IMPORT", 0.02],
  ["IMPORT", 0.02],
  ["VERIFY", 0.015],
  ["DBBACKUP", 0.015],
  ["ARCHIVE", 0.005],
  ["VAULT", 0.005],
] as const;

/** See `KINDS`. */
export type JobKind = (typeof KINDS)[number][0];

/** Statuses of failed jobs. */
export const FAILURES: readonly [number, ...number[]] = [
  6,
  13,
  24,
  41,
  50,
  58,
  59,
  71,
  84,
  87,
  129,
  156,
  2074,
  2106,
];
