/**
 * Parsing the rows of a page, each on its own: a bad record costs that record only.
 *
 * @module
 */
import * as v from "valibot";
import type { NetBackupClient, Page } from "./api.ts";

/** Makes a `T` out of a row; a valibot schema. */
export type RowSchema<T> = v.GenericSchema<unknown, T>;

/**
 * Parses rows. Those that do not fit are dropped, counted through the client's observer, and the
 * first of them is named in the log: where, what was expected, what type was found, not its content.
 *
 * @param endpoint Path template, `/admin/jobs`.
 * @param plain A faster way for rows of the usual form; whatever it does not know the schema decides.
 * @param level Level of that log line: a long list should not warn on each of its pages.
 */
export function parseRows<T>(
  client: NetBackupClient,
  endpoint: string,
  rows: readonly unknown[],
  schema: RowSchema<T>,
  level: "warn" | "debug" = "warn",
  plain: (row: unknown) => T | undefined = () => undefined,
): Page<T> {
  const good: T[] = [];
  let rejected = 0;
  let first: v.BaseIssue<unknown> | undefined;
  for (const row of rows) {
    const quick = plain(row);
    if (quick !== undefined) {
      good.push(quick);
      continue;
    }
    const result = v.safeParse(schema, row, { abortEarly: true });
    if (result.success) {
      good.push(result.output);
    } else {
      rejected++;
      first ??= result.issues[0];
    }
  }
  if (rejected > 0) {
    client.observer.rowsRejected(endpoint, rejected);
    client.logger?.[level]("dropped rows that do not match the schema", {
      endpoint,
      rejected,
      of: rows.length,
      first: first === undefined ? "" : describe(first),
    });
  }
  return { rows: good, rejected };
}

/** Path, expectation and found type of an issue. The value itself may be long, or a secret. */
function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)?.slice(0, 100) ?? "row";
  return `${path}: expected ${issue.expected ?? "something else"}, found ${typeName(issue.input)}`;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
