/**
 * `GET /storage/tape-media`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { mediaServer } from "../world/hosts.ts";
import { simulatedList } from "./define.ts";
import { POOLS } from "./volume_pools.ts";

/** A set of words, not one of a list. */
const STATUSES = [
  "ACTIVE",
  "FULL ACTIVE MULTIPLEXED",
  "FROZEN",
  "SUSPENDED MULTIPLE_RETENTION_LEVELS",
  "",
  "ACTIVE WORM",
] as const;

const TIMES = "timeAssigned firstMount lastMount volumeExpiration created dateExpiration " +
  "lastWritten lastRead";
const COUNTS = "slot mounts maxMounts cleaningsRemaining kiloBytes images validImages " +
  "retentionPeriod numberOfRestores";
const NAMES = "barcode volumeGroup volumePool mediaStatus originHost mediaOwner lastWriteHost";

/** Tapes of all volume pools, some of them never used. */
export const tapeMedia = simulatedList({
  endpoint: "/storage/tape-media",
  document: "storage",
  type: "volumeInfo",
  permission: "|STORAGE|TAPE-MEDIA|",
  since: "11.0",
  paging: { kind: "cursor", limits: { min: 0, max: 100 }, links: "nested" },
  selfLinks: true,
  filters: new Map([
    ...fields(NAMES, "string", "eq ne contains endswith startswith tolower toupper"),
    ...fields("mediaType application", "string", "eq ne"),
    ...fields(COUNTS, "integer", ORDER),
    ...fields(TIMES, "date", ORDER),
  ]),
  sorts: { names: `mediaId=id ${NAMES} mediaType application ${COUNTS} ${TIMES}` },
  beyondSchema: { dateExpiration: [null] },
  rows: (world) =>
    world.many(40, (index) => {
      const dice = world.dice("tape", index);
      const pool = dice.pick(1, POOLS);
      const scratch = pool.type === "SCRATCH_MEDIA_POOL";
      const cleaning = index % 20 === 19;
      const used = !scratch && !cleaning;
      const id = `${String.fromCharCode(65 + Math.floor(index / 1000) % 26)}BC` +
        String(index % 1000).padStart(3, "0");
      return {
        id,
        attributes: {
          barcode: `${id}L8`,
          mediaType: cleaning ? "HC_CLN" : dice.pick(2, ["HCART", "HCART", "HCART3"]),
          robot: {
            robotType: "TLD",
            robotNumber: index % 2,
            robotHost: mediaServer(index % 2).name,
          },
          slot: index + 1,
          volumeGroup: `00${index % 2}_00000_TLD`,
          volumePool: cleaning ? "None" : pool.name,
          mounts: used ? dice.below(3, 100) : 0,
          application: "NETBACKUP",
          maxMounts: 0,
          created: world.days(-400),
          ...(cleaning && { cleaningsRemaining: dice.below(4, 50) }),
          ...(used && {
            timeAssigned: world.days(-300),
            firstMount: world.days(-300),
            lastMount: world.days(-dice.below(5, 30)),
            lastWritten: world.days(-dice.below(5, 30)),
            // Null: never.
            dateExpiration: dice.unit(6) < 0.2 ? null : world.days(dice.below(7, 365)),
          }),
          kiloBytes: used ? dice.below(8, 12_000_000_000) : 0,
          images: used ? 20 + dice.below(9, 200) : 0,
          validImages: used ? dice.below(9, 20) : 0,
          retentionPeriod: 3,
          numberOfRestores: 0,
          originHost: "NONE",
          mediaStatus: used ? dice.pick(10, STATUSES) : "",
          mediaOwner: used ? mediaServer(index % 2).name : "NONE",
          lastWriteHost: used ? mediaServer(index % 2).name : "NONE",
        },
      };
    }),
});
