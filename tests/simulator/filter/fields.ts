/**
 * What may be asked of a field in a filter.
 *
 * @module
 */
import type { Comparison, Folding, TextFunction } from "./parser.ts";

/** Type of the value of a field. */
export type FieldType = "integer" | "float" | "string" | "boolean" | "date" | "duration";

/** A field that can be filtered on. */
export interface FieldSpec {
  readonly type: FieldType;
  readonly operators: ReadonlySet<Comparison | TextFunction | Folding>;
  /** Name of the attribute in the response, where it differs from the name in the filter. */
  readonly attribute?: string;
  /** Names for the numbers by which the filter knows the values of an attribute. */
  readonly codes?: ReadonlyMap<number, string>;
  /** The only values the field can have. */
  readonly values?: readonly string[];
}

/** Fields by their name in the filter. */
export type FieldTable = ReadonlyMap<string, FieldSpec>;

/** All six comparison operators. */
export const ORDER = "eq ne lt gt le ge";
/** Equality and the three text functions. */
export const TEXT = "eq ne contains startswith endswith";

/**
 * Writes part of a table in short: fields that share type and operators.
 *
 * @param names Field names with spaces between them.
 * @param operators Operators with spaces between them.
 */
export function fields(
  names: string,
  type: FieldType,
  operators: string,
  more: Partial<FieldSpec> = {},
): [string, FieldSpec][] {
  const set = new Set(operators.split(" ").filter(isOperator));
  return names.split(" ").map((name) => [name, { type, operators: set, ...more }]);
}

const KNOWN = new Set<string>(
  [...ORDER.split(" "), ...TEXT.split(" "), "tolower", "toupper"],
);

function isOperator(text: string): text is Comparison | TextFunction | Folding {
  return KNOWN.has(text);
}
