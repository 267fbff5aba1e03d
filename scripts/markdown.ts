/**
 * Markdown, as `deno fmt` leaves it.
 *
 * @module
 */

/**
 * A table whose columns are padded to equal width; the first row is its head. Pipes in cells are
 * escaped, in code as well: otherwise they would begin a new cell.
 */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = (escaped[0] ?? []).map((_, column) =>
    Math.max(3, ...escaped.map((row) => row[column]?.length ?? 0))
  );
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const [head = [], ...body] = escaped;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

/**
 * Replaces what stands between the two markers of a generated part,
 * `<!-- generated: NAME -->` and `<!-- end: NAME -->`.
 *
 * @throws Error When the page does not have both markers, in this order.
 */
export function replaceGenerated(page: string, name: string, content: string): string {
  const begin = `<!-- generated: ${name} -->`;
  const end = `<!-- end: ${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`the page has no markers "${begin}" and "${end}"`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}
