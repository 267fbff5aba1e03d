/**
 * Lists that are not what was asked for.
 *
 * @module
 */

import { PagingError } from "../netbackup/errors.ts";
import { JOBS_ENDPOINT } from "../netbackup/resources/jobs.ts";

/** `unfiltered`: there are rows in it that the filter excludes; `unordered`: it is not sorted. */
export type ListFaultKind = "unfiltered" | "unordered";

/** The error of a list that holds more jobs than there can be. */
export function endlessList(site: string, detail: string): PagingError {
  return new PagingError({ site, endpoint: JOBS_ENDPOINT }, detail);
}

/** A primary ignores a part of the question, so that the list cannot be read in parts. */
export class ListFault extends Error {
  override readonly name = "ListFault";
  readonly kind: ListFaultKind;

  constructor(kind: ListFaultKind) {
    super(
      kind === "unfiltered"
        ? "the list of jobs has rows that its filter excludes"
        : "the list of jobs is not in the order asked for",
    );
    this.kind = kind;
  }
}
