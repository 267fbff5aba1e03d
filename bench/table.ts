/**
 * Prints results.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { markdownTable } from "../scripts/markdown.ts";

/** Prints a table with a title; the first row is its head. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  console.log(`\n${title}\n\n${markdownTable(rows)}`);
}

/** A number with some digits. */
export function digits(value: number, fraction = 2): string {
  return value.toFixed(fraction);
}
