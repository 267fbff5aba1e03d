/**
 * `GET /config/hosts` and `/config/all-hosts`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { type Host, hostAt, MEDIA_SERVERS } from "../world/hosts.ts";
import { simulatedList } from "./define.ts";
import type { ListWorld } from "./world.ts";

/** Number of hosts of the world. */
export function hostCount({ population }: ListWorld): number {
  return 1 + MEDIA_SERVERS.length + population.clients.length;
}

const KINDS = { primary: "PRIMARY_SERVER", media: "MEDIA_SERVER", client: "CLIENT" } as const;

/** The host of a number. */
export function hostOf(world: ListWorld, index: number): Host {
  return hostAt(
    index,
    { name: world.serverName, version: world.release },
    world.population.clients,
  );
}

/** Hosts of the world, or as many as a test asked for. */
export function hostsOf(world: ListWorld): Host[] {
  return world.many(hostCount(world), (index) => hostOf(world, index));
}

/** Hosts with an id: not JSON:API, and all at once. */
export const hosts = simulatedList({
  endpoint: "/config/hosts",
  document: "config_hosts",
  type: "host",
  permission: "|MANAGE|HOSTS|",
  paging: { kind: "none" },
  envelope: { name: "hosts" },
  filters: new Map([
    ...fields("hostName nbuHostType", "string", "eq"),
    ...fields("trustVersion osType dteClientMode", "string", "eq ne"),
    ...fields("vxUpdatePlatform", "string", "contains"),
    ...fields("nbuReleaseVersion", "string", "ge"),
  ]),
  rows: (world) =>
    hostsOf(world).map((host, index) => ({
      id: host.uuid ?? host.name,
      attributes: {
        uuid: host.uuid ?? "",
        osVersion: host.osVersion,
        osReleaseVersion: host.osVersion,
        osType: host.os,
        hostName: host.name,
        cpuArchitecture: "x86_64",
        masterServer: world.serverName,
        installedEEBs: "",
        installedPackages: "",
        nbuVersion: `NetBackup_${host.version}`,
        hwDescription: "",
        vxUpdatePlatform: "",
        isSecureEnabled: true,
        autoReissue: false,
        autoReissueDuration: 0,
        externalCertificateSubject: "",
        hasNetBackupCaHostCertificate: true,
        servers: [world.serverName],
        comment: "",
        nbuReleaseVersion: host.version,
        nbuHostType: KINDS[host.kind],
        hostMappings: [],
        trustVersion: "1",
        // In milliseconds, which the documents do not say.
        lastUpdatedDateTime: world.daysMs(-(index % 30)),
        createdDateTime: world.daysMs(-500),
        machineType: index % 2 === 0 ? "PHYSICAL" : "VIRTUAL",
        hypervisorType: index % 2 === 0 ? "NONE" : "VMWARE",
        machineNbuType: "NOT_DEFINED",
        dteClientMode: "AUTOMATIC",
        ...(world.version >= 13 && { fipsEnabled: "DISABLED" }),
      },
    })),
});

const FLAGS = "isPrimaryServer isMediaServer isPolicyClient";
const TEXTS = "osVersion osType osNameAndPlatform hostName nbuVersion";

/** All hosts, those without an id too, and whether they were reached. */
export const allHosts = simulatedList({
  endpoint: "/config/all-hosts",
  document: "hostproperties",
  type: "hostInfo",
  permission: "|MANAGE|HOSTS|HOST-PROPERTIES|",
  paging: { kind: "offset", limits: { min: 1, max: 100 }, withoutPages: true },
  filters: new Map([
    ...fields("uuid", "string", "eq"),
    ...fields(TEXTS, "string", "eq ne"),
    ...fields("nbuVersion", "string", ORDER),
    ...fields(FLAGS, "boolean", "eq ne"),
  ]),
  sorts: { names: `${TEXTS} ${FLAGS} connectionStatus connectionErrorMessage resiliency` },
  rows: (world) =>
    hostsOf(world).map((host) => ({
      id: host.name,
      attributes: {
        ...(host.uuid !== undefined && { uuid: host.uuid }),
        osVersion: host.osVersion,
        osType: host.os,
        osNameAndPlatform: `${host.os}, x86_64`,
        hostName: host.name,
        nbuVersion: host.version,
        hostMappings: [],
        isPrimaryServer: host.kind === "primary",
        isMediaServer: host.kind !== "client",
        isPolicyClient: host.kind === "client",
        ...(host.reachable !== undefined && { connectionStatus: host.reachable }),
        ...(host.reachable === false && { connectionErrorMessage: "The host cannot be reached." }),
      },
    })),
});
