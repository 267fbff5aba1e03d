/**
 * The storage units (`GET /storage/storage-units`, the vendor's storage.yaml).
 *
 * @module
 */
import type { ApiSession, RequestContext } from "../api.ts";
import { readList, type RowList } from "../paging/list.ts";
import type { StorageUnit } from "./storage_unit.ts";
import { storageUnitSchema } from "./storage_unit_schema.ts";

/** Path of the storage unit list. */
export const STORAGE_UNITS_ENDPOINT = "/storage/storage-units";

/** Largest page of storage units the vendor documents, in all releases. */
const UNITS_PER_PAGE = 500;

/** All storage units there are; a unit may come twice when the list moves while it is read. */
export type StorageUnitList = RowList<StorageUnit>;

/**
 * Reads all pages of storage units.
 *
 * @throws NetBackupError See `readList()`.
 */
export function fetchStorageUnits(
  session: ApiSession,
  context: RequestContext,
): Promise<StorageUnitList> {
  return readList(session, {
    endpoint: STORAGE_UNITS_ENDPOINT,
    paging: "offset",
    limit: UNITS_PER_PAGE,
    schema: storageUnitSchema,
  }, context);
}
