/**
 * The JSON:API envelope of a page: `data` and `meta.pagination`. Only these count; `links` are
 * sometimes relative, sometimes absolute with another host name, sometimes malformed.
 *
 * @module
 */
import * as v from "valibot";
import type { JsonRequest, NetBackupClient, Query } from "../api.ts";
import { type ErrorPlace, UnexpectedBodyError } from "../errors.ts";
import type { RowSchema } from "../rows.ts";

/** What pages of an endpoint are asked for. */
export interface PagingRequest<T> extends Pick<JsonRequest, "endpoint" | "path"> {
  /** Filter and sort; the same for every page. */
  readonly query?: Query;
  /** Rows per page: the largest number the endpoint allows. */
  readonly limit: number;
  readonly schema: RowSchema<T>;
  /** A faster way for rows of the usual form; undefined = the schema decides. */
  readonly plain?: (row: unknown) => T | undefined;
  /** Pages after which the list is taken to be endless. */
  readonly maxPages?: number;
}

/** Pages after which a list is taken to be endless. */
export const MAX_PAGES = 100_000;

/** A page as it came. */
export interface Envelope {
  readonly data: readonly unknown[];
  /** Fields of `meta.pagination`; empty when absent. */
  readonly pagination: Readonly<Record<string, unknown>>;
}

const object = v.record(v.string(), v.unknown());
const envelope = v.object({
  // No array schema: it would go through all rows, and each is parsed later.
  data: v.custom<readonly unknown[]>(Array.isArray),
  meta: v.fallback(
    v.optional(v.object({ pagination: v.fallback(v.optional(object), undefined) })),
    undefined,
  ),
});

/**
 * Takes an answer apart.
 *
 * @throws UnexpectedBodyError When there is no list of rows in it.
 */
export function openEnvelope(json: unknown, place: ErrorPlace): Envelope {
  const result = v.safeParse(envelope, json, { abortEarly: true });
  if (!result.success) {
    throw new UnexpectedBodyError(place, 'JSON without a list named "data" in it');
  }
  return { data: result.output.data, pagination: result.output.meta?.pagination ?? {} };
}

/** Where errors of paging happen. */
export function placeOf(client: NetBackupClient, endpoint: string): ErrorPlace {
  return { site: client.site ?? "", endpoint };
}
