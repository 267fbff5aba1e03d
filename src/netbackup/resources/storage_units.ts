/**
 * The storage units (`GET /storage/storage-units`, the vendor's storage.yaml).
 *
 * @module
 */
import type { ApiSession, RequestContext } from "../api.ts";
import { offsetPages } from "../paging/offset.ts";
import type { StorageUnit } from "./storage_unit.ts";
import { storageUnitSchema } from "./storage_unit_schema.ts";

/** Path of the storage unit list. */
export const STORAGE_UNITS_ENDPOINT = "/storage/storage-units";

/** Largest page of storage units the vendor documents, in all releases. */
const UNITS_PER_PAGE = 500;

/** All storage units there are. */
export interface StorageUnitList {
  /** In NetBackup's order; a unit may come twice when the list moves while it is read. */
  readonly rows: StorageUnit[];
  /** Rows that did not fit and were dropped. */
  readonly rejected: number;
}

/**
 * Reads all pages of storage units.
 *
 * @throws NetBackupError See `offsetPages()`.
 */
export async function fetchStorageUnits(
  session: ApiSession,
  context: RequestContext,
): Promise<StorageUnitList> {
  const rows: StorageUnit[] = [];
  let rejected = 0;
  const request = {
    endpoint: STORAGE_UNITS_ENDPOINT,
    limit: UNITS_PER_PAGE,
    schema: storageUnitSchema,
  };
  for await (const page of offsetPages(session, request, context)) {
    rows.push(...page.rows);
    rejected += page.rejected;
  }
  return { rows, rejected };
}
