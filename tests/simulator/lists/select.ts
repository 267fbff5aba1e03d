/**
 * Which rows of a list a request is about, and in which order.
 *
 * @module
 */
import { type Attributes, compileFilter } from "../filter/compile.ts";
import type { FieldTable } from "../filter/fields.ts";
import type { Expression } from "../filter/parser.ts";
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
  const filters: FieldTable = list.filters ?? new Map();
  const { filter, passes, keys } = whereBadRequest(() => {
    const expression = parsed(query.get("filter") ?? "");
    const sort = query.get("sort") ?? list.sorts?.standard;
    return {
      filter: expression,
      passes: expression && compileFilter(expression, filters),
      keys: sort === undefined ? [] : parseSort(sort, sortable(list.sorts, version)),
    };
  });
  const tested = filter ? [...fieldsIn(filter)] : [];
  const values = reader(tested.map((field) => filters.get(field)?.attribute ?? field));
  const matching = passes ? rows.filter((row) => passes(values(row))) : rows;
  return keys.length === 0 ? matching : sorted(matching, keys);
}

function sorted(rows: readonly ListRow[], keys: readonly SortKey[]): ListRow[] {
  const values = reader(keys.map(({ attribute }) => attribute));
  return rows.map((row) => ({ row, values: sortValues(keys, values(row)) }))
    .sort((left, right) => compareSorted(keys, left.values, right.values))
    .map(({ row }) => row);
}

function sortable(sorts: Sorts | undefined, version: number): ReadonlyMap<string, string> {
  if (!sorts || version < Number(sorts.since ?? 0)) return new Map();
  return new Map(
    sorts.names.split(" ").map((text) => {
      const [name = "", attribute = name] = text.split("=");
      return [name, attribute];
    }),
  );
}

function* fieldsIn(expression: Expression): Generator<string> {
  switch (expression.kind) {
    case "test":
      return yield expression.field;
    case "not":
      return yield* fieldsIn(expression.of);
    default:
      yield* fieldsIn(expression.left);
      yield* fieldsIn(expression.right);
  }
}

/** Reads values by the names that filters and sorts know: nested ones are `a.b` and `a/b`. */
function reader(names: readonly string[]): (row: ListRow) => Attributes {
  const paths = [...new Set(names)].map((name) => ({ name, steps: name.split(/[./]/) }));
  return ({ id, type, attributes }) => {
    const values: Record<string, unknown> = {};
    for (const { name, steps } of paths) {
      let value: unknown = attributes;
      for (const step of steps) {
        value = isObject(value) ? value[step] : undefined;
      }
      values[name] = value ?? (name === "id" ? id : name === "type" ? type : undefined);
    }
    return values;
  };
}

function isObject(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null;
}
