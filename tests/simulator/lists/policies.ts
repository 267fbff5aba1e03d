/**
 * `GET /config/policies/`, `/config/policies/{policyName}` and `/config/unique-policy-clients`.
 *
 * @module
 */
import { fields } from "../filter/fields.ts";
import { BACKUP_UNITS, CATALOG_POLICY, POLICIES, type Policy } from "../world/names.ts";
import { policyScheduleType, policyTypeName } from "../world/spellings.ts";
import { simulatedList } from "./define.ts";
import type { ListWorld } from "./world.ts";

/** A client of every policy that no job has ever been run for. */
const NEVER_BACKED_UP = "new01.example.com";

/** Policies that hold databases besides hosts: some of their clients have no host name. */
const WITH_INSTANCES: ReadonlySet<string> = new Set(["OBACKUP", "SQL_SERVER"]);

function allOf({ population }: ListWorld): readonly Policy[] {
  return [...population.policies, CATALOG_POLICY];
}

/** The policy of a number; beyond those of the world, one like them. */
function policyAt(all: readonly Policy[], index: number): Policy {
  return all[index] ?? { ...POLICIES[0], name: `POL-MORE-${index + 1}` };
}

/** Every seventh policy is not active. */
const isActive = (index: number) => index % 7 !== 6;

/** The clients of a policy. */
function clientsOf(policy: Policy, world: ListWorld): readonly string[] {
  return policy === CATALOG_POLICY
    ? [world.serverName]
    : [...world.population.clientsOf(policy), NEVER_BACKED_UP];
}

function policyAttributes(world: ListWorld, index: number) {
  return {
    active: isActive(index),
    dataClassification: "",
    effectiveDateUTC: world.days(-900),
    jobLimit: 2_147_483_647,
    keyword: "",
    mediaOwner: "*ANY*",
    priority: 0,
    snapshotBackup: false,
    storage: BACKUP_UNITS[index % BACKUP_UNITS.length] ?? BACKUP_UNITS[0],
    storageIsSLP: false,
    useAccelerator: false,
    volumePool: "NetBackup",
    autoManagedType: 0,
  };
}

/** The policies: their names are ids, their types are the types of the rows. */
export const policies = simulatedList({
  endpoint: "/config/policies/",
  document: "config_policies",
  type: "policy",
  permission: "|PROTECTION|POLICIES|",
  paging: { kind: "offset", limits: { min: 1, max: 500 }, withoutPages: true },
  selfLinks: true,
  filters: new Map([
    ...fields("policyName", "string", "contains", { attribute: "id" }),
    ...fields("policyType", "string", "contains", { attribute: "type" }),
    ...fields("dataClassification storage volumePool mediaOwner keyword", "string", "contains"),
    ...fields("autoManagedType", "integer", "eq"),
  ]),
  sorts: {
    names:
      "policyName=id policyType=type dataClassification storage volumePool mediaOwner jobLimit priority active " +
      "effectiveDateUTC snapshotBackup keyword useAccelerator autoManagedType",
  },
  rows(world) {
    const all = allOf(world);
    return world.many(all.length, (index) => {
      const { name, type } = policyAt(all, index);
      return {
        id: name,
        type: policyTypeName(type),
        attributes: {
          ...policyAttributes(world, index),
          checkpointIntervalMinutes: 0,
          clientCompress: false,
          clientEncrypt: false,
          useMultipleDataStreams: false,
          generationId: 12,
        },
      };
    });
  },
});

function schedules({ schedules: dealt, type }: Policy) {
  const known = new Map(dealt.map((schedule) => [schedule.name, schedule]));
  return [...known.values()].map((schedule) => {
    const full = schedule.type === "FULL_BACKUP";
    // Full backups of databases are by calendar, which says nothing usable about how often.
    const calendar = full && WITH_INSTANCES.has(type);
    return {
      backupType: policyScheduleType(schedule.type),
      ...(!calendar && { frequencySeconds: full ? 604_800 : 86_400 }),
      scheduleName: schedule.name,
      scheduleType: calendar ? "Calendar" : "Frequency",
      snapshotOnly: false,
      startWindow: [1, 2, 3, 4, 5, 6, 7].map((dayOfWeek) => ({
        dayOfWeek,
        startSeconds: 72_000,
        durationSeconds: 36_000,
      })),
      storageIsSLP: false,
      syntheticBackup: false,
    };
  });
}

/** A policy with its schedules and clients; in a form of its type's own unless asked otherwise. */
export const policyDetail = simulatedList({
  endpoint: "/config/policies/{policyName}",
  document: "config_policies",
  type: "policy",
  permission: "|PROTECTION|POLICIES|",
  paging: { kind: "none" },
  envelope: "resource",
  selfLinks: true,
  shown(row, { headers }) {
    if (headers.get("x-netbackup-policy-use-generic-schema") === "true") return row;
    const { policyGeneric } = row.attributes;
    return { ...row, attributes: { policyStandard: policyGeneric } };
  },
  samples: (world) => allOf(world).map(({ name }) => ({ policyName: name })),
  rows(world, { policyName }) {
    const all = allOf(world);
    const index = all.findIndex(({ name }) => name === policyName);
    const more = /^POL-MORE-(\d+)$/.exec(policyName ?? "");
    if (index < 0 && !more) return undefined;
    const policy = policyAt(all, index >= 0 ? index : Number(more?.[1]) - 1);
    const hosts = clientsOf(policy, world).map((hostName) => ({
      hostName,
      OS: "RedHat",
      hardware: "Linux",
    }));
    return [{
      id: policy.name,
      attributes: {
        policyGeneric: {
          policyName: policy.name,
          policyType: policyTypeName(policy.type),
          policyAttributes: policyAttributes(world, Math.max(0, index)),
          schedules: schedules(policy),
          clients: WITH_INSTANCES.has(policy.type)
            ? [...hosts, { instanceGroup: "databases", instanceName: "PROD" }]
            : hosts,
        },
      },
    }];
  },
});

/** All clients and the policies they are in. */
export const policyClients = simulatedList({
  endpoint: "/config/unique-policy-clients",
  document: "config_policies",
  type: "uniqueClient",
  permission: "|PROTECTION|POLICIES|",
  paging: { kind: "offset", limits: { min: 1, max: 5000 } },
  filters: new Map(fields("id", "string", "contains startswith endswith eq ne")),
  sorts: { names: "id" },
  rows(world) {
    const { clients, policies, policiesOf } = world.population;
    const all = [...clients, NEVER_BACKED_UP, world.serverName];
    return world.many(all.length, (index) => {
      const client = all[index] ?? `client${index + 1}.example.com`;
      const its = client === world.serverName
        ? [CATALOG_POLICY]
        : client === NEVER_BACKED_UP
        ? policies
        : policiesOf(client);
      return {
        id: client,
        attributes: {
          hardware: "Linux",
          OS: "RedHat",
          priority: 0,
          clientInfoType: "HOST",
          policyTypes: [...new Set(its.map(({ type }) => policyTypeName(type)))],
          policyNames: its.map(({ name }) => name),
        },
      };
    });
  },
});
