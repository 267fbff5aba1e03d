/**
 * `GET /admin/hosts/{hostId}/services`.
 *
 * @module
 */
import { MEDIA_SERVERS } from "../world/hosts.ts";
import { simulatedList } from "./define.ts";
import { hostOf } from "./hosts.ts";
import type { ListWorld } from "./world.ts";

const SERVICES = [
  ["bprd", "NetBackup Request Daemon"],
  ["bpdbm", "NetBackup Database Manager"],
  ["nbjm", "NetBackup Job Manager"],
  ["nbpem", "NetBackup Policy Execution Manager"],
  ["nbrb", "NetBackup Resource Broker"],
  ["nbemm", "NetBackup Enterprise Media Manager"],
  ["nbwebsvc", "NetBackup Web Management Console"],
  ["vnetd", "NetBackup Legacy Network Service"],
  ["spoold", "NetBackup Deduplication Engine"],
  ["spad", "NetBackup Deduplication Manager"],
] as const;

/** The servers, by their id. */
const serversOf = (world: ListWorld) =>
  Array.from({ length: 1 + MEDIA_SERVERS.length }, (_, index) => hostOf(world, index));

/** The services of a server; asked of the server itself. */
export const services = simulatedList({
  endpoint: "/admin/hosts/{hostId}/services",
  document: "admin",
  type: "service",
  permission: "|MANAGE|HOSTS|PROCESSES|",
  paging: { kind: "none" },
  samples: (world) => serversOf(world).map(({ uuid = "" }) => ({ hostId: uuid })),
  rows(world, { hostId }) {
    const server = serversOf(world).find(({ uuid }) => uuid === hostId);
    if (!server) return undefined;
    return world.many(SERVICES.length, (index) => {
      const [code, displayName] = SERVICES[index] ?? [`nbmore${index + 1}`, "More"];
      const down = server.reachable === false || index === 7;
      return {
        id: code,
        attributes: {
          displayName,
          daemonCode: code,
          status: index === 6 && server.kind === "media"
            ? "DISABLED"
            : down
            ? "STOPPED"
            : "RUNNING",
          access: [1, 1, 1],
        },
      };
    });
  },
});
