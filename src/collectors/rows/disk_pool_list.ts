/**
 * `GET /storage/disk-pools` (the vendor's storage.yaml): disk pools with their volumes.
 *
 * @module
 */
import * as v from "valibot";
import { optionalNumeric, text } from "../../netbackup/fields.ts";
import { listOf, requiredText } from "../../netbackup/nested_fields.ts";
import { listResource } from "../../netbackup/resource.ts";
import { row } from "../../netbackup/row.ts";

const bytes = () => optionalNumeric(0);

/** Disk pools. */
export const diskPoolList = listResource({
  endpoint: "/storage/disk-pools",
  permission: "|STORAGE|DISK-POOLS|",
  since: "10.0",
  limit: 500,
  query: { sort: "name" },
  row: row({
    name: requiredText(),
    storageCategory: text("UNKNOWN"),
    diskPoolState: text("UNKNOWN"),
    rawSizeBytes: bytes(),
    usableSizeBytes: bytes(),
    usedCapacityBytes: bytes(),
    availableSpaceBytes: bytes(),
    highWaterMark: optionalNumeric(0),
    lowWaterMark: optionalNumeric(0),
    diskVolumes: listOf(v.object({
      name: text(),
      id: text(),
      state: text("UNKNOWN"),
      rawSizeBytes: bytes(),
      freeSizeBytes: bytes(),
    })),
  }),
  key: ({ id }) => id,
});
