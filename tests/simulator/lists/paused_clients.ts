/**
 * `GET /config/paused-clients`.
 *
 * @module
 */
import { fields } from "../filter/fields.ts";
import { CLIENTS } from "../world/names.ts";
import { simulatedList } from "./define.ts";

const NAMES = "clientUniqueIdentifier displayName blockedTime blockedUntilTime triggerMethod";

/** Clients whose backups are paused, by hand or because something was found in them. */
export const pausedClients = simulatedList({
  endpoint: "/config/paused-clients",
  document: "hostproperties",
  type: "pausedClient",
  permission: "|MANAGE|HOSTS|HOST-PROPERTIES|",
  paging: { kind: "bare", limits: { min: 1, max: 100 }, cap: 50 },
  filters: new Map([
    ...fields("clientUniqueIdentifier triggerMethod displayName", "string", "eq"),
    ...fields("blockedTime", "date", "eq ge le"),
  ]),
  sorts: { names: `${NAMES} addInLegacyFlag` },
  beyondSchema: { blockedUntilTime: [null] },
  rows: (world) =>
    world.many(3, (index) => {
      const client = CLIENTS[3 + 7 * index] ?? `paused${index + 1}.example.com`;
      const automatic = index % 2 === 0;
      return {
        id: String(index + 1),
        attributes: {
          clientUniqueIdentifier: client,
          displayName: client,
          blockedTime: world.days(-1 - index),
          // Null: until somebody resumes it.
          blockedUntilTime: automatic ? null : world.days(7),
          reason: automatic ? "Malware was found" : "Maintenance",
          clientProtectedBy: "POLICY",
          triggerMethod: automatic ? "AUTOMATIC" : "MANUAL",
          blockedBy: automatic ? "" : "root",
          addInLegacyFlag: false,
        },
      };
    }),
});
