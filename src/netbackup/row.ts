/**
 * Rows of JSON:API lists as flat objects.
 *
 * @module
 */
import * as v from "valibot";
import type { FieldSchema } from "./fields.ts";
import type { RowSchema } from "./rows.ts";

/** Schemas of attributes by their names in the API. */
export type RowFields = Readonly<Record<string, FieldSchema<unknown>>>;

type AttributesOf<F extends RowFields> = { readonly [K in keyof F]: v.InferOutput<F[K]> };

/** A row: its id, and its attributes beside it. */
export type RowOf<F extends RowFields> = { readonly id: string } & AttributesOf<F>;

/** The id of a row is text in the schemas and a number in some examples. */
const id = v.optional(
  v.pipe(
    v.unknown(),
    v.transform((id) => typeof id === "string" || typeof id === "number" ? `${id}` : ""),
  ),
  "",
);

/**
 * The schema of a row of a list: `{ id, type, attributes }` becomes the id and the attributes that are
 * named, on one level.
 *
 * @param fields Attributes to read, by their names in the API; anything else is passed over.
 * @example
 * ```ts
 * import { row } from "./row.ts";
 * import { numeric, text } from "./fields.ts";
 *
 * const pool = row({ volumePoolName: text(), partiallyFullMedia: numeric(0, 0) });
 * ```
 */
export function row<const F extends RowFields>(fields: F): RowSchema<RowOf<F>> {
  // For any fields in particular valibot infers just this type; for fields in general the compiler
  // cannot see it.
  const attributes = v.object(fields) as v.GenericSchema<unknown, AttributesOf<F>>;
  return v.pipe(
    v.object({ id, attributes: v.optional(anyAttributes(attributes), null) }),
    v.transform(({ id, attributes }): RowOf<F> => ({ ...attributes, id })),
  );
}

/** A row without attributes has the defaults of all. */
function anyAttributes<T>(schema: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, T> {
  return v.pipe(v.unknown(), v.transform((attributes) => attributes ?? {}), schema);
}
