/**
 * What the demo shows: primaries such as a company has, and queries about them.
 *
 * @module
 */
import type { StorageUnitInput } from "../tests/simulator/simulator.ts";
import type { SimulationOptions } from "./simulation.ts";

const TEBIBYTE = 2 ** 40;

/** The primaries; the last one fails, as its API key has been replaced. */
export const DEMO_PRIMARIES: SimulationOptions["primaries"] = [
  {
    site: "berlin",
    apiVersion: "14.0",
    storageUnits: [
      msdp("msdp-berlin-01", 96, 71),
      msdp("msdp-berlin-02", 96, 90),
      msdp("msdp-berlin-worm", 48, 19),
      basic("catalog-berlin", 2, 0.4),
    ],
  },
  {
    site: "oslo",
    apiVersion: "10.0",
    storageUnits: [msdp("msdp-oslo-01", 64, 22), basic("catalog-oslo", 1, 0.3)],
  },
  { site: "lisbon", apiVersion: "14.0", refusesKey: true },
];

/** Queries to paste into Prometheus, each with what it shows. */
export const DEMO_QUERIES: readonly { readonly shows: string; readonly query: string }[] = [
  { shows: "sites that are down", query: "nbu_up == 0" },
  {
    shows: "failed backups of the last 10 minutes, by site and policy type",
    query:
      'sum by (site, policy_type) (increase(nbu_jobs_outcome_total{action="BACKUP", class="failed"}[10m])) > 0',
  },
  {
    shows: "storage units with less than 10 % free",
    query: 'nbu_disk_bytes{size="free"} / ignoring(size) nbu_disk_capacity_bytes < 0.1',
  },
];

function msdp(name: string, capacity: number, used: number): StorageUnitInput {
  return { name, ...capacities(capacity, used) };
}

function basic(name: string, capacity: number, used: number): StorageUnitInput {
  return {
    name,
    storageSubType: "Basic",
    storageServerType: "BasicDisk",
    storageCategory: "BASIC_DISK",
    ...capacities(capacity, used),
  };
}

/** In tebibytes. */
function capacities(capacity: number, used: number) {
  return {
    totalCapacityBytes: Math.round(capacity * TEBIBYTE),
    usedCapacityBytes: Math.round(used * TEBIBYTE),
    freeCapacityBytes: Math.round((capacity - used) * TEBIBYTE),
  };
}
