/**
 * The `sort` parameter: field names with commas between them, `-` before a field for descending.
 *
 * @module
 */
import type { Attributes } from "./compile.ts";
import { FilterError } from "./error.ts";

/** One field to sort by. */
export interface SortKey {
  readonly attribute: string;
  readonly descending: boolean;
}

/** What rows are compared by: one value for each sort key. */
export type SortValue = string | number;

/**
 * Parses a sort.
 *
 * @param sortable Attribute names by the names that may stand in the parameter.
 * @throws FilterError On an unknown or empty field name.
 */
export function parseSort(text: string, sortable: ReadonlyMap<string, string>): SortKey[] {
  return text.split(",").map((part) => {
    const descending = part.startsWith("-");
    const name = descending ? part.slice(1) : part;
    const attribute = sortable.get(name);
    if (attribute === undefined) throw new FilterError(`Sorting by '${name}' is not supported`);
    return { attribute, descending };
  });
}

/** The values by which a resource takes its place in the order. */
export function sortValues(keys: readonly SortKey[], attributes: Attributes): SortValue[] {
  return keys.map(({ attribute }) => {
    const value = attributes[attribute];
    if (typeof value === "number" || typeof value === "string") return value;
    return typeof value === "boolean" ? Number(value) : "";
  });
}

/** Compares two rows by the values of {@linkcode sortValues}. */
export function compareSorted(
  keys: readonly SortKey[],
  left: readonly SortValue[],
  right: readonly SortValue[],
): number {
  for (const [position, key] of keys.entries()) {
    const order = compareValues(left[position], right[position]);
    if (order !== 0) return key.descending ? -order : order;
  }
  return 0;
}

function compareValues(left: SortValue = "", right: SortValue = ""): number {
  // Ascending numbers before texts, so that every pair has an order.
  if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}
