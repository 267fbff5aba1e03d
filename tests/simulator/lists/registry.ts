/**
 * All lists of the simulated primary.
 *
 * @module
 */
import { alerts } from "./alerts.ts";
import type { SimulatedList } from "./define.ts";
import { diskPools } from "./disk_pools.ts";
import { diskVolumes } from "./disk_volumes.ts";
import { drives } from "./drives.ts";
import { robotHosts } from "./robots.ts";
import { storageUnits } from "./storage_units.ts";
import { tapeMedia } from "./tape_media.ts";
import { volumePools } from "./volume_pools.ts";

/** A list needs nothing but its line here. */
export const LISTS: readonly SimulatedList[] = [
  alerts,
  diskPools,
  diskVolumes,
  drives,
  robotHosts,
  storageUnits,
  tapeMedia,
  volumePools,
];

/**
 * The list of a path template.
 *
 * @throws Error When there is none.
 */
export function findList(endpoint: string): SimulatedList {
  const list = LISTS.find((candidate) => candidate.endpoint === endpoint);
  if (!list) throw new Error(`${endpoint} is no list of the simulated primary`);
  return list;
}
