/**
 * Storage units as they stand in a response (storage.yaml, the same in all releases).
 *
 * @module
 */

const GIBIBYTE = 2 ** 30;
const TEBIBYTE = 2 ** 40;

/** What some cloud storage units report as their capacity: 2^63 - 1, as near as a number comes. */
const ENDLESS_BYTES = 2 ** 63;

/** Attributes of a storage unit; capacities are missing where NetBackup gives none. */
export type StorageUnitAttributes = {
  name: string;
  storageType: string;
  storageSubType: string;
  storageServerType: string;
  storageCategory: string;
  useAnyAvailableMediaServer: boolean;
  accelerator: boolean;
  replicationCapable: boolean;
  replicationSourceCapable: boolean;
  replicationTargetCapable: boolean;
  snapshot: boolean;
  mirror: boolean;
  independent: boolean;
  primary: boolean;
  instantAccessEnabled: boolean;
  scaleOutEnabled: boolean;
  isCloudSTU: boolean;
  onDemandOnly: boolean;
  wormCapable: boolean;
  useWorm: boolean;
  maxFragmentSizeMegabytes: number;
  freeCapacityBytes?: number;
  totalCapacityBytes?: number;
  usedCapacityBytes?: number;
  maxConcurrentJobs?: number;
  maxConcurrentDrives?: number;
  absolutePath?: string;
  robotType?: string;
  robotNumber?: number;
  density?: string;
  multiplexing?: number;
};

/** Attributes of a storage unit, all but the name optional: the rest is an MSDP unit's. */
export type StorageUnitInput = Partial<StorageUnitAttributes> & {
  readonly name: string;
  /** Written over the attributes in the response: any name, any type. */
  readonly raw?: Readonly<Record<string, unknown>>;
};

/** A storage unit, and what is written over its attributes in the response. */
export interface StorageUnitRow {
  readonly attributes: StorageUnitAttributes;
  readonly raw?: Readonly<Record<string, unknown>>;
}

const MSDP: Omit<StorageUnitAttributes, "name"> = {
  storageType: "DISK",
  storageSubType: "PureDisk",
  storageServerType: "PureDisk",
  storageCategory: "MSDP",
  useAnyAvailableMediaServer: true,
  accelerator: true,
  replicationCapable: true,
  replicationSourceCapable: true,
  replicationTargetCapable: false,
  snapshot: false,
  mirror: false,
  independent: false,
  primary: false,
  instantAccessEnabled: true,
  scaleOutEnabled: false,
  isCloudSTU: false,
  onDemandOnly: false,
  wormCapable: false,
  useWorm: false,
  maxFragmentSizeMegabytes: 51_200,
};

const PLAIN: Omit<StorageUnitAttributes, "name"> = {
  ...MSDP,
  accelerator: false,
  replicationCapable: false,
  replicationSourceCapable: false,
  instantAccessEnabled: false,
  maxFragmentSizeMegabytes: 524_288,
};

const CLOUD: Omit<StorageUnitAttributes, "name"> = {
  ...PLAIN,
  storageSubType: "CloudAdvanced",
  storageServerType: "PureDisk_amazon_rawd",
  storageCategory: "CLOUD",
  isCloudSTU: true,
  wormCapable: true,
  maxConcurrentJobs: 20,
};

/** A storage unit of which only the name and what differs from an MSDP unit was given. */
export function storageUnit(input: StorageUnitInput): StorageUnitAttributes {
  const { raw: _raw, ...given } = input;
  return { ...MSDP, maxConcurrentJobs: 80, ...given };
}

/** Bytes used change every minute, between a quarter and three quarters of the capacity. */
function capacities(index: number, totalBytes: number, nowMs: number) {
  const minutes = Math.floor(nowMs / 60_000) + index * 997;
  const used = Math.floor(totalBytes * (0.25 + 0.5 * (minutes % 10_080) / 10_080));
  return {
    totalCapacityBytes: totalBytes,
    usedCapacityBytes: used,
    freeCapacityBytes: totalBytes - used,
  };
}

/** What kinds of units there are; they take turns. */
const KINDS: readonly ((index: number, nowMs: number) => Omit<StorageUnitAttributes, "name">)[] = [
  (index, nowMs) => ({
    ...MSDP,
    maxConcurrentJobs: 80,
    ...capacities(index, 80 * TEBIBYTE, nowMs),
  }),
  (index, nowMs) => ({
    ...MSDP,
    wormCapable: true,
    useWorm: true,
    maxConcurrentJobs: 40,
    ...capacities(index, 33 * TEBIBYTE, nowMs),
  }),
  (index, nowMs) => ({
    ...PLAIN,
    storageSubType: "AdvancedDisk",
    storageServerType: "AdvancedDisk",
    storageCategory: "ADVANCED_DISK",
    maxConcurrentJobs: 10,
    ...capacities(index, 12 * TEBIBYTE, nowMs),
  }),
  (index, nowMs) => ({
    ...PLAIN,
    storageSubType: "Basic",
    storageServerType: "BasicDisk",
    storageCategory: "BASIC_DISK",
    absolutePath: "/backup/basic",
    maxConcurrentJobs: 1,
    ...capacities(index, 500 * GIBIBYTE, nowMs),
  }),
  () => ({ ...CLOUD }),
  () => ({ ...CLOUD, totalCapacityBytes: 0, usedCapacityBytes: 0, freeCapacityBytes: 0 }),
  () => ({
    ...CLOUD,
    storageCategory: "CLOUD_CATALYST",
    totalCapacityBytes: ENDLESS_BYTES,
    usedCapacityBytes: 0,
    freeCapacityBytes: ENDLESS_BYTES,
  }),
  () => ({
    ...PLAIN,
    storageType: "MEDIA_MANAGER",
    storageSubType: "Media Manager",
    storageServerType: "",
    storageCategory: "TAPE",
    maxFragmentSizeMegabytes: 1_048_576,
    maxConcurrentDrives: 4,
    robotType: "TLD",
    robotNumber: 0,
    density: "DHCART",
    multiplexing: 4,
  }),
  (index, nowMs) => ({
    ...PLAIN,
    storageSubType: "OpenStorage",
    storageServerType: "DataDomain",
    storageCategory: "OPEN_STORAGE",
    replicationCapable: true,
    replicationTargetCapable: true,
    maxConcurrentJobs: 60,
    ...capacities(index, 250 * TEBIBYTE, nowMs),
  }),
];

const STEMS = ["msdp", "msdp", "adv", "basic", "cloud", "cloud", "cloud", "tape", "ost"];

/** Names that break programs which paste names together. */
const AWKWARD = new Map([[9, "stu|pipe"], [10, 'stu "quoted"'], [11, "stu\\back,comma"]]);

/** The storage units of the generated world at a time; the first ones are one of each kind. */
export function generateStorageUnits(count: number, nowMs: number): StorageUnitAttributes[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = KINDS[index % KINDS.length];
    const stem = STEMS[index % STEMS.length] ?? "unit";
    const name = AWKWARD.get(index) ?? `stu_${stem}_${String(index + 1).padStart(2, "0")}`;
    return { name, ...(kind ? kind(index, nowMs) : { ...MSDP }) };
  });
}
