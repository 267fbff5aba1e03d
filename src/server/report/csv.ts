/**
 * Tables as CSV (RFC 4180).
 *
 * @module
 */

/**
 * Writes a table, with the names of its columns in the first line.
 *
 * @param columns Names of the columns, in order.
 * @param rows Values by column; what is left out is an empty field.
 */
export function csvOf<C extends string>(
  columns: readonly C[],
  rows: readonly Readonly<Partial<Record<C, string | number>>>[],
): string {
  const lines = rows.map((row) => columns.map((column) => field(row[column] ?? "")).join(","));
  return [columns.join(","), ...lines, ""].join("\r\n");
}

/** Texts that a spreadsheet would take for a formula begin with an apostrophe: names are free text. */
function field(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
