/**
 * `GET /asset-service/workloads`, the assets of a workload, and
 * `/admin/discovery/workloads/{workloadType}/status`.
 *
 * @module
 */
import { fields, ORDER, TEXT } from "../filter/fields.ts";
import { onlyAttributes, simulatedList } from "./define.ts";
import { iso } from "./world.ts";

const MINUTE_MS = 60_000;

/** Workloads that exist here, and how many assets they have. */
const WORKLOADS = [
  { name: "vmware", assets: 120, discovered: "VMware" },
  { name: "cloud", assets: 15, discovered: "CLOUD" },
  { name: "kubernetes", assets: 0, discovered: "Kubernetes" },
] as const;

/** The workloads. */
export const workloads = simulatedList({
  endpoint: "/asset-service/workloads",
  document: "assetservice",
  type: "workload",
  paging: { kind: "offset", limits: { min: 1, max: 100 } },
  selfLinks: true,
  withoutAttributes: true,
  rows: (world) =>
    world.many(WORKLOADS.length, (index) => {
      const id = WORKLOADS[index]?.name ?? `workload${index + 1}`;
      return {
        id,
        attributes: {},
        relationships: { workloadDetails: { data: { type: "workloadDetails", id } } },
      };
    }),
});

/** Assets; the documents do not say what an asset looks like. Permissions are those of each. */
export const assets = simulatedList({
  endpoint: "/asset-service/workloads/{workload}/assets",
  document: "assetservice",
  type: "vm",
  permission: "|ASSETS|",
  denial: "empty",
  paging: { kind: "lookahead", limits: { min: 1, max: 100 }, disable: true },
  shown(row, { query }) {
    const names = query.get("fields[asset]");
    return names === null ? row : onlyAttributes(row, names.split(","));
  },
  samples: () =>
    WORKLOADS.filter(({ assets: count }) => count > 0)
      .map(({ name }) => ({ workload: name })),
  rows(world, { workload }) {
    const found = WORKLOADS.find(({ name }) => name === workload);
    if (!found) return undefined;
    return world.many(found.assets, (index) => {
      const displayName = `${workload}-${String(index + 1).padStart(3, "0")}`;
      const plan = {
        protectionPlanName: "Gold-VMware",
        policyName: "gold+1f1a2b3c",
        isProtectionPlanCustomized: "NO",
      };
      return {
        id: `50123456-aaaa-4bbb-8ccc-${String(index).padStart(12, "0")}`,
        attributes: {
          assetType: "vm",
          commonAssetAttributes: {
            displayName,
            // Absent, or without details: not protected.
            ...(index % 3 !== 2 && {
              activeProtection: { protectionDetailsList: index % 10 === 0 ? [] : [plan] },
            }),
          },
        },
      };
    });
  },
});

const STATUSES = ["SUCCESS", "SUCCESS", "FAILED", "RUNNING"] as const;
const TIMES = "discoveryStartTime discoveryFinishTime lastModifiedDateTime";

/** How the discovery of assets went on each server. */
export const discovery = simulatedList({
  endpoint: "/admin/discovery/workloads/{workloadType}/status",
  document: "admin",
  type: "discoveryStatus",
  permission: "|ASSETS|",
  paging: { kind: "offset", limits: { min: 1 } },
  filters: new Map([
    ...fields("serverName workloadSubType", "string", TEXT),
    ...fields("discoveryStatus", "string", "eq ne"),
    ...fields(TIMES, "date", ORDER),
  ]),
  sorts: {
    names: `serverName workloadSubType workloadType discoveryStatus ${TIMES}`,
    since: "14.0",
  },
  samples: () => WORKLOADS.map(({ name }) => ({ workloadType: name })),
  rows(world, { workloadType }) {
    const found = WORKLOADS.find(({ name }) => name === workloadType);
    if (!found) return undefined;
    return world.events(4, 30 * MINUTE_MS, (_sequence, timeMs, index) => {
      const serverName = `${workloadType}-server${index + 1}.example.com`;
      return {
        id: serverName,
        attributes: {
          serverName,
          workloadType: found.discovered,
          workloadSubType: "VIRTUAL_CENTER_SERVER",
          discoveryStatus: STATUSES[index % STATUSES.length],
          discoveryStartTime: iso(timeMs - 5 * MINUTE_MS),
          discoveryFinishTime: iso(timeMs),
          lastModifiedDateTime: iso(timeMs),
          additionalAttributes: { discoveryHost: world.serverName, isDiscoveryDisabled: false },
        },
      };
    });
  },
});
