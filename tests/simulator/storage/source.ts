/**
 * The storage units of a simulated primary: generated, or those that a test set.
 *
 * @module
 */
import {
  generateStorageUnits,
  storageUnit,
  type StorageUnitInput,
  type StorageUnitRow,
} from "./units.ts";

/** The storage units of a simulated primary. */
export interface StorageUnits {
  /** The units, with their capacities at a time. */
  at(nowMs: number): StorageUnitRow[];
  /** Has these units from now on. */
  set(units: readonly StorageUnitInput[]): void;
}

/** How many are generated unless it is said. */
export const GENERATED_UNITS = 12;

/**
 * Starts with the units given.
 *
 * @param count How many are generated where none are given.
 */
export function createStorageUnits(
  units: readonly StorageUnitInput[] | undefined,
  count = GENERATED_UNITS,
): StorageUnits {
  let given = units;
  return {
    at: (nowMs) =>
      given
        ? given.map((unit) => ({
          attributes: storageUnit(unit),
          ...(unit.raw && { raw: unit.raw }),
        }))
        : generateStorageUnits(count, nowMs).map((attributes) => ({ attributes })),
    set(replacement) {
      given = replacement;
    },
  };
}
