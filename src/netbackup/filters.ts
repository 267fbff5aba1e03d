/**
 * Filter expressions as NetBackup understands them: comparisons `field op value` and functions
 * `contains(field,'text')`, joined by `and` and `or`. Which of them a field allows is documented per
 * field; `or` and parentheses are on storage, but not on jobs.
 *
 * @module
 */

/** Comparison operators. */
export type Operator = "eq" | "ne" | "lt" | "gt" | "le" | "ge";

/**
 * Compares a field. A date is written unquoted, as ISO 8601 in UTC with milliseconds
 * (`endTime ge 2024-01-01T00:00:00.000Z`), a text in single quotes with inner ones doubled.
 *
 * @throws RangeError When a number or date is not a valid one.
 */
export function compare(field: string, operator: Operator, value: string | number | Date): string {
  return `${field} ${operator} ${literal(value)}`;
}

/** True where the field holds the text: `contains(policyName,'gold')`. */
export function contains(field: string, text: string): string {
  return call("contains", field, text);
}

/** True where the field begins with the text. */
export function startsWith(field: string, text: string): string {
  return call("startswith", field, text);
}

/** True where the field ends with the text. */
export function endsWith(field: string, text: string): string {
  return call("endswith", field, text);
}

/** The opposite of a function: `not contains(policyName,'gold')`. */
export function not(filter: string): string {
  return `not ${filter}`;
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

function call(name: string, field: string, text: string): string {
  return `${name}(${field},${literal(text)})`;
}

function literal(value: string | number | Date): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (value instanceof Date) return value.toISOString();
  if (!Number.isFinite(value)) throw new RangeError(`cannot filter by the number ${value}`);
  return String(value);
}
