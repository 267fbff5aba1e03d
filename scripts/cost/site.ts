/**
 * The site that the cost table is about: as large as it says, simulated.
 *
 * @module
 */
import type { Clock } from "../../src/base/clock.ts";
import { createSimulator, type Simulator } from "../../tests/simulator/simulator.ts";

/** Key of the simulated primary. */
export const KEY = "A1uMjmj93mrpsW9qCOSTKEY";

/** How large the site is. */
const SIZE = { clients: 1000, policies: 200, storageUnits: 50, jobsPerDay: 20_000 } as const;

/** Which jobs there are: as many kinds as most sites have, not all that the simulator knows. */
const JOBS = {
  policyTypes: ["STANDARD", "WINDOWS_NT", "VMWARE", "OBACKUP", "SQL_SERVER", "NDMP"],
  kinds: ["DBBACKUP", "RESTORE", "DUPLICATE", "REPLICATE", "SNAPSHOT", "IMAGEDELETE"],
} as const;

/** Rows of lists that do not follow from the size. */
const ROWS: Readonly<Record<string, number>> = {
  "/manage/alerts": 100,
  // In each workload.
  "/asset-service/workloads/{workload}/assets": 500,
};

/** Makes the primary. */
export function simulatedSite(clock: Clock): Simulator {
  const simulator = createSimulator({
    clock,
    apiKey: KEY,
    jobsPerHour: SIZE.jobsPerDay / 24,
    storageUnitCount: SIZE.storageUnits,
    population: { clients: SIZE.clients, policies: SIZE.policies, ...JOBS },
  });
  for (const [endpoint, count] of Object.entries(ROWS)) simulator.setRows(endpoint, count);
  return simulator;
}
