/**
 * Disk pools and storage servers behind the storage units: each storage unit on disk that is not a
 * plain directory has a pool of its own.
 *
 * @module
 */
import { generateStorageUnits, type StorageUnitAttributes } from "../storage/units.ts";
import { MEDIA_SERVERS } from "../world/hosts.ts";
import type { ListWorld } from "./world.ts";

/** A disk pool, its storage unit and its storage server. */
export interface Pool {
  /** `PureDisk:dp_stu_msdp_01` */
  readonly id: string;
  readonly name: string;
  /** `PureDisk:media01.example.com` */
  readonly serverId: string;
  readonly host: string;
  readonly unit: StorageUnitAttributes;
}

const UNPOOLED: ReadonlySet<string> = new Set(["TAPE", "BASIC_DISK"]);

/** The pool of a storage unit; none for tapes and directories. */
export function poolOf(unit: StorageUnitAttributes, index: number): Pool | undefined {
  if (UNPOOLED.has(unit.storageCategory)) return undefined;
  const host = MEDIA_SERVERS[index % MEDIA_SERVERS.length]?.name ?? MEDIA_SERVERS[0].name;
  const name = `dp_${unit.name}`;
  return {
    id: `${unit.storageServerType}:${name}`,
    name,
    serverId: `${unit.storageServerType}:${host}`,
    host,
    unit,
  };
}

/** All pools of the world. */
export function poolsOf(world: ListWorld): Pool[] {
  const units = world.storageUnits().map(({ attributes }) => attributes);
  return units.flatMap((unit, index) => poolOf(unit, index) ?? []);
}

/** The pool of a number; beyond those of the world, one like them. */
export function poolAt(world: ListWorld, pools: readonly Pool[], index: number): Pool {
  const known = pools[index];
  if (known) return known;
  const [like] = generateStorageUnits(1, world.nowMs);
  const pool = like && poolOf({ ...like, name: `stu_more_${index + 1}` }, index);
  if (!pool) throw new RangeError(`No pool ${index}`);
  return pool;
}

/** The volumes of a pool: one of MSDP and in the cloud, two of others. */
export function volumesOf({ name, unit }: Pool): readonly string[] {
  if (unit.storageCategory === "MSDP") return ["PureDiskVolume"];
  if (unit.isCloudSTU) return [`bucket-${name.toLowerCase()}`];
  return [`/disk/${name}/a`, `/disk/${name}/b`];
}
