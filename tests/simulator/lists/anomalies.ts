/**
 * `GET /security/anomalies`, `/security/aggregate-anomalies` and `/security/anomaly-extension`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { CLIENTS, POLICIES } from "../world/names.ts";
import { simulatedList } from "./define.ts";
import { iso, type ListWorld } from "./world.ts";

const HOUR_MS = 3_600_000;
const SEVERITIES = ["LOW", "LOW", "MEDIUM", "HIGH"] as const;
const STATUSES = ["ANOMALY", "NOT_REVIEWED", "REPORTED_FALSE_POSITIVE", "IGNORED"] as const;
const TEXTS = "clientName policyName policyType scheduleName scheduleType";
const PERMISSION = "|MANAGE|ANOMALIES|";

/** What all kinds of anomaly have in common. */
function subject(world: ListWorld, sequence: number, timeMs: number) {
  const dice = world.dice("anomaly", sequence);
  const policy = dice.pick(1, POLICIES);
  const [schedule] = policy.schedules;
  return {
    createdDateTime: iso(timeMs),
    clientName: dice.pick(2, CLIENTS),
    policyName: policy.name,
    policyType: policy.type,
    scheduleName: schedule.name,
    scheduleType: schedule.type,
    anomalySeverity: dice.pick(3, SEVERITIES),
  };
}

/** Backups that are unlike the others of their client: one every five hours. */
export const anomalies = simulatedList({
  endpoint: "/security/anomalies",
  document: "security",
  type: "anomaly",
  permission: PERMISSION,
  paging: { kind: "offset", limits: { min: 1, max: 100 }, withoutPages: true },
  filters: new Map([
    ...fields("id backupId", "string", "eq"),
    ...fields("jobid anomalyCount", "integer", ORDER),
    ...fields("createdDateTime", "date", "lt gt le ge"),
    ...fields("backupTime", "date", "ge le"),
    ...fields(
      `${TEXTS} destinationStorage anomalyStatus`,
      "string",
      "eq contains startswith endswith",
    ),
    ...fields("anomalySeverity", "string", "eq ne"),
  ]),
  sorts: {
    names: "jobid createdDateTime clientName policyType scheduleType anomalyStatus " +
      "anomalyCount anomalyScore anomalySeverity",
  },
  rows: (world) =>
    world.events(25, 5 * HOUR_MS, (sequence, timeMs) => {
      const dice = world.dice("anomalyOfBackup", sequence);
      const common = subject(world, sequence, timeMs);
      return {
        id: String(sequence),
        attributes: {
          ...common,
          backupTime: iso(timeMs - HOUR_MS),
          jobid: String(sequence),
          backupId: `${common.clientName}_${Math.floor((timeMs - HOUR_MS) / 1000)}`,
          destinationStorage: "stu_msdp_01",
          anomalyStatus: dice.pick<(typeof STATUSES)[number]>(1, STATUSES),
          anomalyType: "JOB_BASED",
          anomalyCount: 1 + dice.below(2, 5),
          anomalyScore: (dice.unit(3) * 10).toFixed(2),
          anomalySummary: "The backup is much larger than usual.",
          extendedAttributes: {},
        },
      };
    }),
});

/** The same by job. */
export const aggregateAnomalies = simulatedList({
  endpoint: "/security/aggregate-anomalies",
  document: "security",
  type: "anomalyAggregate",
  permission: PERMISSION,
  since: "12.0",
  paging: { kind: "offset", limits: { min: 0, max: 100 } },
  filters: new Map([
    ...fields(`id assetName ${TEXTS} jobId`, "string", "eq contains startswith endswith"),
    ...fields("createdDateTime lastUpdatedDateTime", "date", "lt gt le ge"),
    ...fields("impactedStreams totalStreams", "integer", "lt gt le ge"),
    ...fields("anomalySeverity", "string", "eq ne"),
  ]),
  sorts: { names: "createdDateTime" },
  rows: (world) =>
    world.events(12, 10 * HOUR_MS, (sequence, timeMs) => {
      const common = subject(world, sequence, timeMs);
      return {
        id: String(sequence),
        attributes: {
          ...common,
          assetName: common.clientName,
          inference: "",
          impactedStreams: 1,
          totalStreams: 4,
          jobId: String(sequence),
          lastUpdatedDateTime: iso(timeMs),
          anomalyIds: [String(2 * sequence)],
        },
      };
    }),
});

/** Anomalies of the system, which belong to no job; the rows have no id. */
export const systemAnomalies = simulatedList({
  endpoint: "/security/anomaly-extension",
  document: "security",
  type: "anomalyExtension",
  permission: PERMISSION,
  paging: { kind: "offset", limits: { min: 1, max: 100 }, withoutPages: true, disable: true },
  withoutIds: true,
  filters: new Map([
    ...fields("id", "string", "eq"),
    ...fields("createdDateTime", "date", "lt gt le ge"),
    ...fields("anomalyStatus anomalySeverity description anomalyType", "string", "eq ne"),
  ]),
  sorts: { names: "createdDateTime anomalyStatus anomalySeverity" },
  rows: (world) =>
    world.events(6, 30 * HOUR_MS, (sequence, timeMs) => {
      const dice = world.dice("anomalyOfSystem", sequence);
      return {
        id: String(sequence),
        attributes: {
          createdDateTime: iso(timeMs),
          anomalyStatus: dice.pick<(typeof STATUSES)[number]>(1, STATUSES),
          anomalyType: dice.pick(2, ["POLICY_CHANGED", "IMAGES_EXPIRED", "UNUSUAL_LOGIN"]),
          anomalySeverity: dice.pick(3, SEVERITIES),
          description: "Something unusual was done.",
          extendedAttributes: {},
        },
      };
    }),
});
