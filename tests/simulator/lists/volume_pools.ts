/**
 * `GET /storage/tape-volume-pools`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { simulatedList } from "./define.ts";

/** A volume pool. */
interface VolumePool {
  readonly name: string;
  readonly type: string;
  /** Media that are partly full. */
  readonly partial: number;
}

/** The volume pools of the world; what is a scratch pool is not told by its name. */
export const POOLS: readonly [VolumePool, ...VolumePool[]] = [
  { name: "NetBackup", type: "REGULAR_MEDIA_POOL", partial: 3 },
  { name: "None", type: "AVAILABLE_MEDIA_POOL", partial: 0 },
  { name: "CatalogBackup", type: "CATALOG_MEDIA_POOL", partial: 1 },
  { name: "Spare-LTO8", type: "SCRATCH_MEDIA_POOL", partial: 0 },
  { name: "Scratch", type: "REGULAR_MEDIA_POOL", partial: 0 },
  { name: "DataStore", type: "REGULAR_MEDIA_POOL", partial: 7 },
  { name: "Archiv|jährlich", type: "REGULAR_MEDIA_POOL", partial: 0 },
];

/** The volume pools. */
export const volumePools = simulatedList({
  endpoint: "/storage/tape-volume-pools",
  document: "storage",
  type: "volumePoolDetails",
  permission: "|STORAGE|TAPE-MEDIA|VOLUME-POOLS|",
  since: "11.0",
  paging: { kind: "cursor", limits: { min: 0, max: 100 }, links: "nested" },
  selfLinks: true,
  filters: new Map([
    ...fields("volumePoolNumber", "integer", ORDER, { attribute: "id" }),
    ...fields("partiallyFullMedia", "integer", ORDER),
    ...fields(
      "volumePoolName description",
      "string",
      "eq ne contains endswith startswith tolower toupper",
    ),
    ...fields("poolType", "string", "eq ne"),
  ]),
  sorts: { names: "poolNumber=id volumePoolName poolType description partiallyFullMedia" },
  rows: (world) =>
    world.many(POOLS.length, (index) => {
      const pool = POOLS[index];
      return {
        id: String(index + 1),
        attributes: {
          volumePoolName: pool?.name ?? `Pool-${index + 1}`,
          description: pool ? `the ${pool.name} pool` : "",
          partiallyFullMedia: pool?.partial ?? 0,
          poolType: pool?.type ?? "REGULAR_MEDIA_POOL",
        },
      };
    }),
});
