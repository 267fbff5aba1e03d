/**
 * Filter expressions as NetBackup understands them: `field op value`, joined by `and` and `or`.
 *
 * @module
 */

/** Comparison operators. Which one a field allows is documented per field. */
export type Operator =
  | "eq"
  | "ne"
  | "lt"
  | "gt"
  | "le"
  | "ge"
  | "contains"
  | "startswith"
  | "endswith";

/**
 * Compares a field. A date is written unquoted, as ISO 8601 in UTC with milliseconds
 * (`endTime ge 2024-01-01T00:00:00.000Z`), a text in single quotes with inner ones doubled.
 *
 * @throws RangeError When a number or date is not a valid one.
 */
export function compare(field: string, operator: Operator, value: string | number | Date): string {
  return `${field} ${operator} ${literal(value)}`;
}

/** All of these; each is put into parentheses only where it is itself an `anyOf`. */
export function allOf(...filters: readonly string[]): string {
  return filters.join(" and ");
}

/** One of these, in parentheses, since `and` binds closer than `or`. */
export function anyOf(...filters: readonly string[]): string {
  const joined = filters.join(" or ");
  return filters.length > 1 ? `(${joined})` : joined;
}

function literal(value: string | number | Date): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (value instanceof Date) return value.toISOString();
  if (!Number.isFinite(value)) throw new RangeError(`Cannot filter by the number ${value}`);
  return String(value);
}
