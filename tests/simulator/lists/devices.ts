/**
 * The rest of what there is about tapes: `GET /storage/storage-devices`, `/storage/robots/{robotId}`,
 * `/storage/volume-groups` and `/catalog/tape-media`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { mediaServer } from "../world/hosts.ts";
import { simulatedList } from "./define.ts";

const LATIN = "eq ne contains endswith startswith tolower toupper";

/** Robots and standalone drives by density: an id is no robot's id. */
export const storageDevices = simulatedList({
  endpoint: "/storage/storage-devices",
  document: "storage",
  type: "storageDevice",
  permission: "|STORAGE|TAPE-DEVICES|",
  since: "11.0",
  paging: { kind: "cursor", limits: { min: 0, max: 100 }, links: "nested" },
  filters: new Map([
    ...fields("name", "string", LATIN, { attribute: "id" }),
    ...fields("robotType density", "string", LATIN),
    ...fields("robotNumber", "integer", ORDER),
  ]),
  sorts: { names: "name=id robotNumber robotType density" },
  rows: (world) =>
    world.many(3, (index) => {
      const density = index % 2 === 0 ? "HCART" : "HCART3";
      return {
        id: `TLD(${Math.floor(index / 2)}) - ${density}`,
        attributes: {
          deviceType: "ROBOT",
          robotType: "TLD",
          robotNumber: Math.floor(index / 2),
          density,
        },
      };
    }),
});

/** One robot, by an id like `TLD(1)`. */
export const robots = simulatedList({
  endpoint: "/storage/robots/{robotId}",
  document: "storage",
  type: "robotInfo",
  permission: "|STORAGE|TAPE-DEVICES|",
  since: "11.0",
  paging: { kind: "none" },
  envelope: "resource",
  samples: () => [{ robotId: "TLD(0)" }, { robotId: "TLD(1)" }],
  rows(_world, { robotId = "" }) {
    const number = /^TLD\(([01])\)$/.exec(robotId)?.[1];
    if (number === undefined) return undefined;
    const host = mediaServer(Number(number)).name;
    return [{
      id: robotId,
      attributes: {
        robotNumber: Number(number),
        robotType: "TLD",
        enabled: number === "0",
        serialNumber: `L4BA-${number}`,
        robotControlHost: host,
        volumeDatabaseHost: host,
      },
      relationships: { deviceHosts: { data: [{ id: host, type: "mediaServer" }] } },
    }];
  },
});

/** Volume groups. */
export const volumeGroups = simulatedList({
  endpoint: "/storage/volume-groups",
  document: "storage",
  type: "volumeGroupInfo",
  permission: "|STORAGE|TAPE-MEDIA|VOLUME-GROUPS|",
  since: "11.0",
  paging: { kind: "cursor", limits: { min: 0, max: 100 }, links: "none" },
  selfLinks: true,
  filters: new Map([
    ...fields("volumeGroupName", "string", LATIN),
    ...fields("mediaType", "string", "eq ne"),
    ...fields("volumeCount", "integer", ORDER),
  ]),
  sorts: { names: "volumeGroupName mediaType volumeCount" },
  rows: (world) =>
    world.many(2, (index) => {
      const volumeGroupName = `${String(index).padStart(3, "0")}_00000_TLD`;
      return {
        id: `${index}:HCART:${volumeGroupName}`,
        attributes: {
          volumeGroupName,
          mediaType: "HCART",
          robot: { robotNumber: index, robotType: "TLD", robotHost: mediaServer(0).name },
          volumeCount: 20,
        },
      };
    }),
});

/** Tapes that hold images; `count` and `limit` stand directly below `meta`. */
export const catalogTapes = simulatedList({
  endpoint: "/catalog/tape-media",
  document: "catalog",
  type: "tapeMedia",
  permission: "|MANAGE|IMAGES|",
  paging: { kind: "offset", limits: { min: 1, max: 100 }, flatMeta: true },
  beyondSchema: { mediaHold: [null] },
  rows: (world) =>
    world.many(24, (index) => ({
      id: `ABC${String(index).padStart(3, "0")}`,
      attributes: {
        mediaServer: mediaServer(index % 2).name,
        ...(world.version >= 12 && { mediaHold: index % 4 === 0 ? null : index % 4 === 1 }),
      },
    })),
});
