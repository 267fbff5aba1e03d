/**
 * `GET /manage/alerts`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { CLIENTS, FAILURES } from "../world/names.ts";
import { simulatedList } from "./define.ts";
import { iso } from "./world.ts";

/** The documents of all releases name JOB alone; `/manage/notification-categories` has the rest. */
const CATEGORIES = ["JOB", "JOB", "JOB", "KMS", "MSDP"] as const;
const POLICY_TYPES = ["MS-WINDOWS", "STANDARD", "ORACLE", "VMWARE", "NDMP"] as const;

/** One every seven minutes. */
export const alerts = simulatedList({
  endpoint: "/manage/alerts",
  detail: "/manage/alerts/{alertId}",
  document: "manage",
  type: "alert",
  permission: "|MANAGE|EMAIL-NOTIFICATIONS|",
  paging: { kind: "offset", limits: { min: 1 } },
  selfLinks: true,
  filters: new Map([
    ...fields("alertId", "integer", ORDER, { attribute: "id" }),
    ...fields("createdDateTime", "date", ORDER),
    ...fields("severity category subCategory", "string", "eq ne"),
  ]),
  sorts: {
    names: "alertId=id category context descriptionId titleId subCategory severity systemDefined " +
      "createdDateTime",
    standard: "-createdDateTime",
  },
  beyondSchema: { category: ["KMS", "MSDP"] },
  rows: (world) =>
    world.events(71, 7 * 60_000, (sequence, timeMs) => {
      const dice = world.dice("alert", sequence);
      const category = dice.pick(1, CATEGORIES);
      const status = dice.pick(2, FAILURES);
      const client = dice.pick(3, CLIENTS);
      const job = category === "JOB";
      return {
        id: String(sequence),
        attributes: {
          titleId: 1,
          title: job ? "Job details are as follows:" : `${category} needs attention`,
          descriptionId: 1,
          description: job
            ? `Job ${sequence} failed with status code ${status} on ${client}`
            : `${category} reports a condition`,
          category,
          ...(job && { subCategory: dice.pick(4, POLICY_TYPES) }),
          severity: dice.pick(5, ["ERROR", "ERROR", "WARNING", "INFO"]),
          context: job ? dice.pick(6, ["JOB_STATE_FAILED", "JOB_STATE_SUSPEND"]) : "GENERAL",
          createdDateTime: iso(timeMs),
          tags: [category, String(status)],
          systemDefined: true,
          params: job
            ? { clientName: client, status: String(status), jobId: String(sequence) }
            : {},
        },
      };
    }),
});
