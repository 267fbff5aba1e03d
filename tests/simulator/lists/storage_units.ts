/**
 * `GET /storage/storage-units`.
 *
 * @module
 */
import { STORAGE_UNIT_FILTERS, STORAGE_UNIT_SORTS } from "../storage/fields.ts";
import { generateStorageUnits } from "../storage/units.ts";
import { simulatedList } from "./define.ts";
import { poolOf } from "./pools.ts";

/** The storage units: generated, or those that a test set. */
export const storageUnits = simulatedList({
  endpoint: "/storage/storage-units",
  detail: "/storage/storage-units/{storageUnitName}",
  document: "storage",
  type: "storageUnit",
  permission: "|STORAGE|STORAGE-UNITS|",
  paging: { kind: "offset", limits: { min: 1, max: 500 } },
  selfLinks: true,
  filters: STORAGE_UNIT_FILTERS,
  sorts: { names: STORAGE_UNIT_SORTS, standard: "name" },
  rows(world) {
    const units = world.storageUnits();
    const more = world.many(units.length, () => undefined).length;
    const others = generateStorageUnits(more, world.nowMs);
    return world.many(units.length, (index) => {
      const { attributes, raw } = units[index] ?? { attributes: others[index] };
      if (!attributes) throw new RangeError(`No storage unit ${index}`);
      const pool = poolOf(attributes, index);
      return {
        id: attributes.name,
        attributes: { ...attributes, ...raw },
        relationships: pool
          ? {
            diskPool: {
              links: { related: { href: `/storage/disk-pools/${encodeURIComponent(pool.id)}` } },
              data: { type: "diskPool", id: pool.id },
            },
          }
          : {},
      };
    });
  },
});
