/**
 * `GET /eventlog/notifications` and `/security/auditlogs`.
 *
 * @module
 */
import { fields, ORDER, TEXT } from "../filter/fields.ts";
import { hostId } from "../world/hosts.ts";
import { simulatedList } from "./define.ts";
import { iso } from "./world.ts";

const MINUTE_MS = 60_000;
const SEVERITIES = ["INFO", "INFO", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
const PRODUCERS = "notificationType notificationId producerName producerId producerType " +
  "producerSubType";

/** Events of all parts of NetBackup: one every eleven minutes. */
export const eventLog = simulatedList({
  endpoint: "/eventlog/notifications",
  document: "eventlog",
  type: "notifications",
  permission: "|MANAGE|EVENTLOGS|NOTIFICATIONS|",
  paging: { kind: "offset", limits: { min: 1, max: 100 }, withoutPages: true },
  selfLinks: true,
  filters: new Map([
    ...fields(`id ${PRODUCERS}`, "string", `${ORDER} ${TEXT}`),
    ...fields("priority severity", "string", "eq ne"),
    ...fields("createdDateTime", "date", ORDER),
  ]),
  sorts: { names: `id severity createdDateTime priority ${PRODUCERS}`, since: "14.0" },
  rows: (world) =>
    world.events(90, 11 * MINUTE_MS, (sequence, timeMs) => {
      const dice = world.dice("event", sequence);
      return {
        id: `event-${sequence}`,
        attributes: {
          version: "1.0",
          priority: dice.pick(1, ["LOW", "MEDIUM", "HIGH"]),
          severity: dice.pick(2, SEVERITIES),
          createdDateTime: iso(timeMs),
          notificationType: dice.pick(3, ["SERVICE_STATE", "STORAGE_FULL", "CERT_RENEWAL"]),
          notificationId: String(sequence),
          producerName: world.serverName,
          producerId: hostId(0),
          producerType: "PRIMARY",
          displayString: "Something happened.",
          extendedAttributes: {},
        },
      };
    }),
});

/** What was done, and to what. */
const ACTIONS = [
  ["LOGIN", "ACCESS", "user logged in"],
  ["LOGIN", "ACCESS", "user logged in"],
  ["POLICY", "MODIFY", "policy deactivated"],
  ["RETENTION_LEVEL", "MODIFY", "retention level shortened"],
  ["CATALOG", "DELETE", "image expired"],
  ["JOB", "CANCEL", "job cancelled"],
  ["CERT", "CREATE", "certificate issued"],
] as const;

/** What users did: one thing every four minutes. */
export const auditLog = simulatedList({
  endpoint: "/security/auditlogs",
  document: "security",
  type: "audit",
  permission: "|SECURITY|AUDIT-LOGS|",
  paging: { kind: "offset", limits: { min: 1 } },
  selfLinks: true,
  filters: new Map([
    ...fields("id", "integer", ORDER),
    ...fields("category operation", "string", "eq ne"),
    ...fields("userName", "string", "eq ne", { attribute: "auditUserIdentity.userName" }),
    ...fields("domainName", "string", "eq ne", { attribute: "auditUserIdentity.domainName" }),
    ...fields("auditDateTime", "date", "lt gt"),
  ]),
  sorts: {
    names: "id category operation auditDateTime auditUserIdentity.domainName " +
      "auditUserIdentity.userName",
    since: "14.0",
  },
  rows: (world) =>
    world.events(120, 4 * MINUTE_MS, (sequence, timeMs) => {
      const dice = world.dice("audit", sequence);
      const [category, operation, message] = dice.pick<(typeof ACTIONS)[number]>(1, ACTIONS);
      return {
        id: String(sequence),
        attributes: {
          messageId: sequence,
          category,
          operation,
          message,
          reason: "",
          auditDateTime: iso(timeMs),
          auditKeyList: [],
          auditRecordAttributeList: [],
          auditUserIdentity: {
            userName: dice.pick(2, ["root", "backup-admin"]),
            domainName: world.serverName,
            domainType: "UNIX_PASSWORD",
          },
        },
      };
    }),
});
