/**
 * Rows that are of no use without their id.
 *
 * @module
 */
import * as v from "valibot";
import { row, type RowFields, type RowOf } from "../../netbackup/row.ts";
import type { RowSchema } from "../../netbackup/rows.ts";

/**
 * Like `row()`, but a row without an id is rejected: it could neither be named nor told from another.
 *
 * @param fields Attributes to read, by their names in the API.
 */
export function withId<const F extends RowFields>(fields: F): RowSchema<RowOf<F>> {
  return v.pipe(
    row(fields),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || dataset.value.id !== "") return;
      addIssue({ message: "no id", expected: "id" });
    }),
  );
}
