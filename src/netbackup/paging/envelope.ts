/**
 * The JSON:API envelope of a page: `data` and what `meta` says about paging. Only these count; `links`
 * are sometimes relative, sometimes absolute with another host name, sometimes malformed.
 *
 * @module
 */
import * as v from "valibot";
import type { NetBackupClient } from "../api.ts";
import { type ErrorPlace, UnexpectedBodyError } from "../errors.ts";

/** A page as it came. */
export interface Envelope {
  readonly data: readonly unknown[];
  /** Fields of `meta.pagination`; of `meta` itself where it has none; empty without `meta`. */
  readonly pagination: Readonly<Record<string, unknown>>;
}

/** Finds the rows in a response; undefined = there are none in it, it is something else. */
export type RowsOf = (json: unknown) => readonly unknown[] | undefined;

const record = v.record(v.string(), v.unknown());
const envelope = v.object({
  // No schema of the rows: each of them is parsed later, on its own.
  data: v.optional(v.unknown()),
  meta: v.fallback(v.optional(record), undefined),
});

/**
 * Takes a response apart.
 *
 * @param rowsOf Where the rows are, when not in a list named `data`.
 * @throws UnexpectedBodyError When there are no rows in it.
 */
export function openEnvelope(
  json: unknown,
  place: ErrorPlace,
  rowsOf: RowsOf = listNamedData,
): Envelope {
  const data = rowsOf(json);
  if (data === undefined) {
    const expected = rowsOf === listNamedData ? 'a list named "data" in it' : "the rows expected";
    throw new UnexpectedBodyError(place, `JSON without ${expected}`);
  }
  const meta = open(json)?.meta ?? {};
  // `/catalog/tape-media` has `count` and `limit` directly below `meta`.
  const nested = v.safeParse(record, meta["pagination"]);
  return { data, pagination: nested.success ? nested.output : meta };
}

/** The rows of a list as JSON:API has it. */
export function listNamedData(json: unknown): readonly unknown[] | undefined {
  const data = open(json)?.data;
  return Array.isArray(data) ? data : undefined;
}

/** The list, or else the one resource, named `data`. */
export function listOrResource(json: unknown): readonly unknown[] | undefined {
  const data = open(json)?.data;
  if (data === undefined || data === null) return undefined;
  return Array.isArray(data) ? data : [data];
}

/** A list of plain objects by another name than `data`: each is the attributes of a row. */
export function plainListNamed(name: string): RowsOf {
  return (json) => {
    const list = v.safeParse(record, json);
    const rows = list.success ? list.output[name] : undefined;
    return Array.isArray(rows) ? rows.map((attributes) => ({ attributes })) : undefined;
  };
}

/** The whole body as the attributes of one row, where a response is no JSON:API. */
export function bodyAsRow(json: unknown): readonly unknown[] | undefined {
  // An array is a record to valibot.
  return v.is(record, json) && !Array.isArray(json) ? [{ attributes: json }] : undefined;
}

function open(json: unknown): v.InferOutput<typeof envelope> | undefined {
  const result = v.safeParse(envelope, json);
  return result.success ? result.output : undefined;
}

/** Where errors of paging happen. */
export function placeOf(client: NetBackupClient, endpoint: string): ErrorPlace {
  return { site: client.site ?? "", endpoint };
}
