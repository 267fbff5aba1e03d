/**
 * Capacities that are none.
 *
 * @module
 */

/** 2^63 − 1 as a double: what cloud storage gives for "no limit". */
const UNLIMITED_BYTES = 2 ** 63;

/** Whether a size stands for "no limit". */
export function isUnlimited(bytes: number | undefined): boolean {
  return bytes !== undefined && bytes >= UNLIMITED_BYTES;
}

/**
 * Whether storage of this category has no capacity. "Capacity fields are not applicable to CLOUD and
 * CLOUD_CATALYST" (11.0 storage.yaml); what it gives all the same is 0 or 2^63 − 1.
 */
export function isWithoutCapacity(storageCategory: string): boolean {
  return ["CLOUD", "CLOUD_CATALYST"].includes(storageCategory.toUpperCase());
}
