/**
 * Parts of generated documentation.
 *
 * @module
 */

/**
 * A table whose columns are padded to equal width, as `deno fmt` leaves it. Pipes in cells are
 * escaped, in code as well: otherwise they would begin a new cell.
 */
export function markdownTable(
  head: readonly string[],
  cells: readonly (readonly string[])[],
): string {
  const rows = cells.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
