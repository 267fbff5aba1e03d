/**
 * Services (daemons) of NetBackup on the servers that are named (the vendor's admin.yaml).
 *
 * @module
 */
import * as v from "valibot";
import { key } from "../config/schema/keys.ts";
import { visibleText } from "../config/schema/leaves.ts";
import { gauge } from "../metrics/define.ts";
import { text } from "../netbackup/fields.ts";
import { compare } from "../netbackup/filters.ts";
import { NetBackupError } from "../netbackup/errors.ts";
import { listResource, resourceAt } from "../netbackup/resource.ts";
import type { LogFields } from "../telemetry/logger.ts";
import { defineCollector } from "./define.ts";
import { hostList } from "./rows/host_list.ts";
import { withId } from "./rows/identified.ts";

/** The primary asks the host itself. */
const serviceList = listResource({
  endpoint: "/admin/hosts/{hostId}/services",
  permission: "|MANAGE|HOSTS|PROCESSES|",
  since: "10.0",
  paging: "none",
  row: withId({ status: text("UNKNOWN") }),
  key: ({ id }) => id,
});

const STATES = ["RUNNING", "STOPPED", "DISABLED"] as const;

/** Reasons to fail that have nothing to do with one server. */
const GENERAL: ReadonlySet<string> = new Set(["budget", "closed", "auth", "forbidden"]);

const servers = key(
  v.array(visibleText("the name of a server"), "a list of names"),
  "Servers whose services are read, by their names in NetBackup; one request each.",
);

/** State of each service; a server that cannot be asked costs itself only. */
export const services = defineCollector({
  name: "services",
  summary: "NetBackup services on the servers named.",
  interval: "5m",
  resources: { hostList, serviceList },
  options: { servers: v.optional(servers, []) },
  memory: () => ({
    /** Ids of the servers, by name: the list of hosts can be long. */
    ids: new Map<string, string>(),
    /** Servers of which the log has been told. */
    told: new Set<string>(),
  }),
  labels: { service: "Short name of the service, `bprd`" },
  metrics: {
    read: gauge(
      "nbu_host_services_read",
      "Whether the services of a server named in the configuration could be read: 1, or 0 when not",
      ["host"],
    ),
    state: gauge(
      "nbu_service_state",
      "Whether a service is in a state: 1, or 0 for the other states",
      ["host", "service", "state"],
    ),
  },
  async collect({ read, metrics, options, logger, memory: { ids, told } }) {
    const idOf = async (host: string) => {
      const filter = compare("hostName", "eq", host);
      return ids.get(host) ??
        (await read(hostList, { filter })).find(({ hostName }) => hostName === host)?.uuid;
    };
    const failures: NetBackupError[] = [];
    const fail = (host: string, fields: LogFields) => {
      const level = told.has(host) ? "debug" : "warn";
      logger[level]("cannot read services of a host", { host, ...fields });
      told.add(host);
      // It may have another id by now.
      ids.delete(host);
      metrics.read.set({ host }, 0);
    };
    const servers = new Set(options.servers);
    for (const host of servers) {
      try {
        const hostId = await idOf(host);
        if (!hostId) {
          fail(host, { message: "NetBackup knows no host of this name with an id" });
          continue;
        }
        for (const { id: service, status } of await read(resourceAt(serviceList, { hostId }))) {
          for (const state of new Set([...STATES, status])) {
            metrics.state.set({ host, service, state }, state === status);
          }
        }
        ids.set(host, hostId);
        told.delete(host);
        metrics.read.set({ host }, 1);
      } catch (error) {
        if (!(error instanceof NetBackupError) || GENERAL.has(error.reason)) throw error;
        failures.push(error);
        fail(host, { message: error.message });
      }
    }
    // When no server at all can be asked it is not the servers.
    if (failures[0] && failures.length === servers.size) throw failures[0];
  },
});
