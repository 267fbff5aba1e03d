/**
 * Prints results.
 *
 * @module
 */
// deno-lint-ignore-file no-console

/** Prints a table with a title; the first row is its head. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  console.log(`\n${title}\n`);
  rows.forEach((row, index) => {
    console.log(line(row));
    if (index === 0) console.log(line(widths.map((width) => "-".repeat(width))));
  });
}

/** A number with some digits. */
export function digits(value: number, fraction = 2): string {
  return value.toFixed(fraction);
}
