/**
 * Whose backups the simulated world makes: clients, the policies they are in, and the storage units
 * that is written to.
 *
 * @module
 */
import { generateStorageUnits } from "../storage/units.ts";
import { BACKUP_UNITS, CLIENTS, POLICIES, type Policy } from "./names.ts";

type Some<T> = readonly [T, ...T[]];

/** Clients, policies and storage units. */
export interface Population {
  readonly clients: Some<string>;
  readonly policies: Some<Policy>;
  /** Storage units that backups are written to. */
  readonly units: Some<string>;
  /** The policies that a client is in. */
  policiesOf(client: string): Some<Policy>;
  /** The clients that are in a policy. */
  clientsOf(policy: Policy): readonly string[];
}

/** How large a population is to be. */
export interface PopulationSize {
  readonly clients: number;
  readonly policies: number;
}

/** The usual population, in which all clients are in all policies. */
export const USUAL_POPULATION: Population = {
  clients: CLIENTS,
  policies: POLICIES,
  units: BACKUP_UNITS,
  policiesOf: () => POLICIES,
  clientsOf: () => CLIENTS,
};

/**
 * A population of some size, in which each client is in one policy: clients take turns.
 *
 * @param storageUnits Number of generated storage units; all on disk are written to.
 */
export function populationOf(size: PopulationSize, storageUnits: number): Population {
  const clients = filled(size.clients, CLIENTS, (index) => `client${index + 1}.example.com`);
  const policies = filled(size.policies, POLICIES, (index) => {
    const like = POLICIES[index % POLICIES.length] ?? POLICIES[0];
    return { ...like, name: `POL-${like.type}-${index + 1}` };
  });
  const [unit = BACKUP_UNITS[0], ...units] = generateStorageUnits(storageUnits, 0)
    .filter(({ storageType }) => storageType === "DISK").map(({ name }) => name);
  const numbers = new Map(clients.map((client, index) => [client, index]));
  return {
    clients,
    policies,
    units: [unit, ...units],
    policiesOf(client) {
      const index = (numbers.get(client) ?? 0) % policies.length;
      return [policies[index] ?? policies[0]];
    },
    clientsOf(policy) {
      const index = policies.findIndex(({ name }) => name === policy.name);
      return clients.filter((_, number) => number % policies.length === index);
    },
  };
}

/** The first known ones, then as many more as it takes. */
function filled<T>(count: number, [first, ...known]: Some<T>, make: (index: number) => T): Some<T> {
  const more = Array.from(
    { length: Math.max(0, count - 1) },
    (_, index) => known[index] ?? make(index + 1),
  );
  return [first, ...more];
}
