/**
 * `GET /storage/robots-device-hosts`.
 *
 * @module
 */
import { mediaServer } from "../world/hosts.ts";
import { simulatedList } from "./define.ts";

/** Hosts that have a robot: names only. */
export const robotHosts = simulatedList({
  endpoint: "/storage/robots-device-hosts",
  document: "storage",
  type: "deviceHost",
  permission: "|STORAGE|TAPE-DEVICES|",
  since: "11.0",
  paging: { kind: "none" },
  withoutAttributes: true,
  rows: (world) => world.many(2, (index) => ({ id: mediaServer(index).name, attributes: {} })),
});
