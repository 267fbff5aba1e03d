/**
 * A storage unit, as the collectors see it.
 *
 * @module
 */

/** Storage unit (11.0 storage.yaml). */
export interface StorageUnit {
  readonly name: string;
  /** `DISK`, `MEDIA_MANAGER`, … verbatim. */
  readonly storageType: string;
  readonly storageSubType: string;
  readonly storageServerType: string;
  /** ADVANCED_DISK, BASIC_DISK, CLOUD, CLOUD_CATALYST, MSDP, OPEN_STORAGE or TAPE. */
  readonly storageCategory: string;
  readonly isCloud: boolean;
  readonly wormCapable: boolean;
  readonly useWorm: boolean;
  readonly replicationCapable: boolean;
  readonly instantAccessEnabled: boolean;
  /** Bytes; undefined where NetBackup gives none (tape, cloud). */
  readonly freeCapacityBytes: number | undefined;
  readonly totalCapacityBytes: number | undefined;
  readonly usedCapacityBytes: number | undefined;
  readonly maxConcurrentJobs: number | undefined;
  readonly maxFragmentSizeMegabytes: number | undefined;
}
