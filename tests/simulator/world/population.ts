/**
 * Whose backups the simulated world makes: clients, the policies they are in, and the storage units
 * that is written to.
 *
 * @module
 */
import { generateStorageUnits } from "../storage/units.ts";
import { BACKUP_UNITS, CLIENTS, type JobKind, POLICIES, type Policy } from "./names.ts";

type Some<T> = readonly [T, ...T[]];

/** Clients, policies and storage units. */
export interface Population {
  readonly clients: Some<string>;
  readonly policies: Some<Policy>;
  /** Storage units that backups are written to. */
  readonly units: Some<string>;
  /** Kinds of jobs that are run; undefined = all. */
  readonly kinds?: ReadonlySet<JobKind>;
  /** The policies that a client is in. */
  policiesOf(client: string): Some<Policy>;
  /** The clients that are in a policy. */
  clientsOf(policy: Policy): readonly string[];
}

/** How large a population is to be. */
export interface PopulationSize {
  readonly clients: number;
  readonly policies: number;
  /** Types of the policies, beside that of the catalog backup. @default all */
  readonly policyTypes?: readonly string[];
  /** Kinds of jobs beside backups. @default all */
  readonly kinds?: readonly JobKind[];
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
  const [kind, ...kinds] = POLICIES.filter(({ type }) => size.policyTypes?.includes(type) ?? true);
  if (!kind) throw new Error("there are no policies of these types");
  const policies = filled(size.policies, [kind, ...kinds], (index) => {
    const like = kinds[index % (kinds.length + 1) - 1] ?? kind;
    return { ...like, name: `POL-${like.type}-${index + 1}` };
  });
  const [unit = BACKUP_UNITS[0], ...units] = generateStorageUnits(storageUnits, 0)
    .filter(({ storageType }) => storageType === "DISK").map(({ name }) => name);
  const numbers = new Map(clients.map((client, index) => [client, index]));
  return {
    clients,
    policies,
    units: [unit, ...units],
    ...(size.kinds && { kinds: new Set<JobKind>(["BACKUP", ...size.kinds]) }),
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
