/**
 * Schemas of fields that hold objects, as tolerant as those of single values.
 *
 * @module
 */
import * as v from "valibot";
import type { FieldSchema } from "./fields.ts";

/** A list of objects; missing and null are an empty one. An element that does not fit costs the row. */
export function listOf<T>(element: v.GenericSchema<unknown, T>): FieldSchema<readonly T[]> {
  return v.optional(
    v.pipe(v.unknown(), v.transform((value) => value ?? []), v.array(element)),
    null,
  );
}

/** An object; missing and null are one without any fields. */
export function nested<T>(fields: v.GenericSchema<unknown, T>): FieldSchema<T> {
  return v.optional(v.pipe(v.unknown(), v.transform((value) => value ?? {}), fields), null);
}

/** A text that a row cannot do without: one that lacks it, or has it empty, is no such row. */
export function requiredText(): v.GenericSchema<unknown, string> {
  return v.pipe(v.string(), v.nonEmpty());
}
