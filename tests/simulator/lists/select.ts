/**
 * Which rows of a list a request is about, and in which order.
 *
 * @module
 */
import { type Attributes, compileFilter } from "../filter/compile.ts";
import { parsed, whereBadRequest } from "../filter/request.ts";
import { compareSorted, parseSort, type SortKey, sortValues } from "../filter/sort.ts";
import type { ListRow, SimulatedList, Sorts } from "./define.ts";

/**
 * The rows that pass the `filter`, in the order of the `sort`.
 *
 * @param version Version of the API that the request is in.
 * @throws ApiError 400
 */
export function selectRows(
  list: SimulatedList,
  rows: readonly ListRow[],
  query: URLSearchParams,
  version: number,
): readonly ListRow[] {
  const { passes, keys } = whereBadRequest(() => {
    const filter = parsed(query.get("filter") ?? "");
    const sort = query.get("sort") ?? list.sorts?.standard;
    return {
      passes: filter && compileFilter(filter, list.filters ?? new Map()),
      keys: sort === undefined ? [] : parseSort(sort, sortable(list.sorts, version)),
    };
  });
  const matching = passes ? rows.filter((row) => passes(fieldsOf(row))) : rows;
  return keys.length === 0 ? matching : sorted(matching, keys);
}

function sorted(rows: readonly ListRow[], keys: readonly SortKey[]): ListRow[] {
  return rows.map((row) => ({ row, values: sortValues(keys, fieldsOf(row)) }))
    .sort((left, right) => compareSorted(keys, left.values, right.values))
    .map(({ row }) => row);
}

function sortable(sorts: Sorts | undefined, version: number): ReadonlyMap<string, string> {
  if (!sorts || version < Number(sorts.since ?? 0)) return new Map();
  return new Map(sorts.names.split(" ").map((name) => [name, name]));
}

/** The fields of a row by the names that filters know: nested ones as `a.b` and as `a/b`. */
function fieldsOf({ id, attributes }: ListRow): Attributes {
  const fields: Record<string, unknown> = { id, ...attributes };
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    for (const [inner, nested] of Object.entries(value)) {
      fields[`${name}.${inner}`] = nested;
      fields[`${name}/${inner}`] = nested;
    }
  }
  return fields;
}
