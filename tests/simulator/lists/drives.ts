/**
 * `GET /storage/drives`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { mediaServer } from "../world/hosts.ts";
import { simulatedList } from "./define.ts";
import type { ListWorld } from "./world.ts";

/** What drives are there; the rest are like the first. */
const DRIVES = [
  { name: "IBM.ULT3580-TD8.000", status: "UP", robot: 0 },
  { name: "IBM.ULT3580-TD8.001", status: "DOWN", robot: 0, comment: "NEEDS CLEANING" },
  { name: "IBM.ULT3580-TD8.002", status: "MIXED", robot: 0 },
  { name: "HP.ULTRIUM9-SCSI.000", status: "UP", robot: 1 },
  // Another drive of the same name, on another server.
  { name: "HP.ULTRIUM9-SCSI.000", status: "DISABLED", robot: 1 },
  { name: "standalone-dlt", status: "UP", robot: undefined },
] as const;

const LATIN = "contains endswith startswith tolower toupper";

function paths(name: string, status: string, index: number) {
  const path = (number: number, pathStatus: string) => ({
    pathIndex: number,
    deviceHost: mediaServer(number).name,
    // The name of a drive stands here too, but need not.
    ...(index % 3 !== 2 && { driveName: name }),
    devicePath: `/dev/nst${index}`,
    driveControl: "DRIVE_CONTROL_ROBOT_STRING",
    isEnabled: pathStatus !== "DISABLED",
    pathStatus: `PATH_STATUS_${pathStatus}`,
    isNdmp: false,
  });
  if (status === "MIXED") return [path(0, "UP"), path(1, "DOWN")];
  return [path(0, status === "UP" ? "UP" : status === "DOWN" ? "DOWN" : "DISABLED")];
}

function attributes(world: ListWorld, index: number) {
  const kind = DRIVES[index] ?? { ...DRIVES[0], name: `IBM.ULT3580-TD8.${100 + index}` };
  const { name, status, robot } = kind;
  const dice = world.dice("drive", index);
  const host = status === "MIXED" ? "<multiple>" : mediaServer(robot ?? 0).name;
  return {
    controlHostname: mediaServer(0).name,
    vendorDriveName: name,
    serialNumber: String(1_068_001_234 + index),
    driveIndex: index,
    devicePaths: paths(name, status, index),
    driveType: robot === undefined ? "DT_DLT" : robot === 0 ? "DT_HCART" : "DT_HCART3",
    robotType: robot === undefined ? "NOT_ROBOTIC" : "TLD",
    ...(robot !== undefined && { robotNumber: robot, robotDriveNumber: index + 1 }),
    driveComment: "",
    cleaningFrequency: 0,
    cleaningComment: "comment" in kind ? kind.comment : "",
    sharedDrive: status === "MIXED",
    assignedHost: status === "UP" ? host : "",
    driveControl: status === "DOWN" ? "DRIVE_CONTROL_DOWN" : "DRIVE_CONTROL_ROBOT_STRING",
    driveStatus: `DRIVE_STATUS_${status}`,
    enabled: status === "UP",
    isControlUp: status === "UP",
    ...(dice.unit(1) < 0.8 && { lastCleaningTime: world.days(-dice.below(2, 90)) }),
    lastMountTime: world.days(-dice.unit(3) * 3),
    mountTime: "PT5M46S",
    ready: false,
    writeEnabled: status === "UP",
    deviceHost: host,
    // Null where nothing is loaded, though the schema does not say so.
    externalMediaId: index % 2 === 0 ? "ABC001" : null,
    recordedMediaId: index % 2 === 0 ? "ABC001" : null,
    requestId: null,
  };
}

/** Tape drives: their name is their id and, where it stands there, that of their paths. */
export const drives = simulatedList({
  endpoint: "/storage/drives",
  document: "storage",
  type: "drive",
  permission: "|STORAGE|TAPE-DEVICES|",
  paging: {
    kind: "offset",
    limits: { min: 0, max: 100 },
    withoutPages: true,
    withoutLinks: true,
  },
  filters: new Map([
    ...fields("driveIndex robotNumber robotDriveNumber cleaningFrequency", "integer", ORDER),
    ...fields(
      "id controlHostname vendorDriveName serialNumber deviceHost externalMediaId assignedHost",
      "string",
      `${ORDER} ${LATIN}`,
    ),
    ...fields("driveControl driveStatus driveType robotType", "string", "eq ne"),
    ...fields("enabled isControlUp localControl ready sharedDrive writeEnabled", "boolean", "eq"),
    ...fields("lastCleaningTime lastMountTime", "date", ORDER),
  ]),
  sorts: {
    names: "id controlHostname driveIndex driveStatus driveType driveControl enabled " +
      "isControlUp lastCleaningTime lastMountTime robotDriveNumber robotNumber robotType " +
      "serialNumber sharedDrive vendorDriveName writeEnabled deviceHost",
  },
  beyondSchema: { externalMediaId: [null], recordedMediaId: [null], requestId: [null] },
  rows: (world) =>
    world.many(DRIVES.length, (index) => ({
      id: DRIVES[index]?.name ?? `IBM.ULT3580-TD8.${100 + index}`,
      attributes: attributes(world, index),
    })),
});
