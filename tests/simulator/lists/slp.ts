/**
 * Storage lifecycle policies: `GET /catalog/slp-images` and `/config/slps`.
 *
 * @module
 */
import { fields } from "../filter/fields.ts";
import { CLIENTS, POLICIES } from "../world/names.ts";
import { policyTypeName } from "../world/spellings.ts";
import { type ListRow, simulatedList } from "./define.ts";
import { iso, type ListWorld } from "./world.ts";

const MINUTE_MS = 60_000;
const SLPS = ["SLP-GOLD", "SLP-SILVER-DR", "SLP|tape out", "SLP-OLD"] as const;

/** States of an image, and of its second copy; a pipe is part of two of them. */
const STATES = [
  ["COMPLETE", "COPYCOMPLETE"],
  ["COMPLETE", "COPYCOMPLETE"],
  ["IN_PROCESS", "IN_PROCESS"],
  ["NOT_STARTED", "NOT_STARTED"],
  ["IN_PROCESS", "IMPORT_PENDING"],
  ["IN_PROCESS|INACTIVE", "IN_PROCESS|INACTIVE"],
  ["NOT_STARTED|INACTIVE", "NOT_STARTED|INACTIVE"],
] as const;

/** Images under a storage lifecycle policy, the oldest first. */
function slpImages(world: ListWorld): ListRow[] {
  const newestFirst = world.events(80, 20 * MINUTE_MS, (sequence, timeMs) => {
    const dice = world.dice("slpImage", sequence);
    // Pairs of images of one client and second: their cursors are the same.
    const pair = world.dice("slpPair", Math.floor(sequence / 2));
    const [state, copyState] = dice.pick<(typeof STATES)[number]>(1, STATES);
    const twin = pair.unit(2) < 0.2;
    const client = (twin ? pair : dice).pick(3, CLIENTS);
    const timed = twin ? Math.floor(sequence / 2) * 2 * 20 * MINUTE_MS : timeMs;
    const policy = dice.pick(4, POLICIES);
    const id = `${client}_${Math.floor(timed / 1000)}${twin ? `_${sequence % 2}` : ""}`;
    const copy = (copyNumber: number, copyType: string, shown: string) => ({
      primaryServer: world.serverName,
      backupId: id,
      copyNumber,
      copyType,
      // Null: never.
      expireTime: copyNumber === 2 ? null : iso(timed + 30 * 24 * 60 * MINUTE_MS),
      retentionType: "FIXED",
      copyState: shown,
      jobId: sequence % 1_000_000,
      retryCount: shown === "IN_PROCESS" ? dice.below(5, 4) : 0,
    });
    return {
      id,
      attributes: {
        primaryServer: world.serverName,
        backupId: id,
        policyName: policy.name,
        clientName: client,
        backupTime: iso(timed),
        policyType: policyTypeName(policy.type),
        scheduleType: "FULL",
        slpName: dice.pick(6, SLPS),
        slpImageState: state,
        isStorageLifecycleInactive: state.endsWith("INACTIVE"),
        slpVersion: 0,
        expirationTime: null,
        creationTime: iso(timed),
        copies: [copy(1, "BACKUP", "COPYCOMPLETE"), copy(2, "DUPLICATE", copyState)],
      },
    };
  });
  return newestFirst.reverse();
}

/**
 * Images under a storage lifecycle policy. The cursor is made of backup time and client, which more
 * than one image can have.
 */
export const lifecycleImages = simulatedList({
  endpoint: "/catalog/slp-images",
  document: "catalog",
  type: "slpImage",
  permission: "|MANAGE|STORAGE-LIFECYCLE-IMAGES|",
  paging: {
    kind: "cursor",
    limits: { min: 0, max: 1000, standard: 100 },
    links: "flat",
    mark: ({ attributes }) => `${attributes["backupTime"]}:${attributes["clientName"]}`,
  },
  filters: new Map([
    ...fields("backupId slpName policyName clientName slpImageState", "string", "eq"),
    ...fields("backupTime", "date", "ge le"),
  ]),
  beyondSchema: {
    expirationTime: [null],
    expireTime: [null],
    slpImageState: ["IN_PROCESS|INACTIVE", "NOT_STARTED|INACTIVE"],
    copyState: ["IN_PROCESS|INACTIVE", "NOT_STARTED|INACTIVE"],
  },
  rows: slpImages,
});

/** The definitions; the last one is not active. */
export const lifecycles = simulatedList({
  endpoint: "/config/slps",
  document: "config",
  type: "slp",
  permission: "|PROTECTION|SLPS|",
  paging: { kind: "offset", limits: { min: 1, max: 100 } },
  selfLinks: true,
  filters: new Map(fields("slpName", "string", "contains")),
  sorts: { names: "slpName dataClassification duplicationPriority active" },
  beyondSchema: { name: [null], stype: [null] },
  rows: (world) =>
    world.many(SLPS.length, (index) => {
      const name = SLPS[index] ?? `SLP-${index + 1}`;
      const operation = (operationIndex: number, type: string, storage: string | null) => ({
        operationIndex,
        operationType: type,
        retentionPeriod: { value: 30, unit: "DAYS" },
        retentionType: "FIXED",
        sourceOperationIndex: operationIndex - 1,
        // Null: the storage of another primary is not known here.
        storage: { name: storage, stype: storage === null ? null : "PureDisk" },
        slpWindowName: "Default_24x7_Window",
        ...(index === 1 && { operationActivationTime: world.days(2) }),
      });
      return {
        id: name,
        attributes: {
          slpName: name,
          versionNumber: 1,
          active: index % 4 !== 3,
          ...(index % 4 === 3 && { activationTime: world.days(3) }),
          dataClassification: "",
          duplicationPriority: 0,
          operationList: [
            operation(1, "BACKUP", "stu_msdp_01"),
            index % 2 === 1
              ? operation(2, "REPLICATE_TO_REMOTE_MASTER", null)
              : operation(2, "DUPLICATION", "stu_msdp_02"),
          ],
        },
      };
    }),
});
