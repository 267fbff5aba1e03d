/**
 * The `filter` and `sort` parameters of a request.
 *
 * @module
 */
import { badRequest } from "../protocol/error.ts";
import { FilterError } from "./error.ts";
import { type Expression, parseFilter } from "./parser.ts";

/**
 * Parses a filter that may be empty.
 *
 * @throws FilterError When the text is not a filter.
 */
export function parsed(filter: string): Expression | undefined {
  return filter.trim() === "" ? undefined : parseFilter(filter);
}

/**
 * Turns complaints about filters, sorts and cursors into 400.
 *
 * @throws ApiError 400
 */
export function whereBadRequest<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FilterError) throw badRequest(`${error.message}.`);
    throw error;
  }
}
