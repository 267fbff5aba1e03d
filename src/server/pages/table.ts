/**
 * Tables that a phone shows as a card for each row.
 *
 * @module
 */
import { html } from "hono/html";
import type { Html } from "./layout.ts";

/** Content of a cell. */
export type Cell = Html | string | number;

/** A column: of free text, which breaks anywhere, or of something else. */
export type Column = string | {
  readonly name: string;
  readonly kind: "number" | "word";
};

/** A column of numbers. */
export function numbers(name: string): Column {
  return { name, kind: "number" };
}

/** A column of short words, which do not break. */
export function words(name: string): Column {
  return { name, kind: "word" };
}

/** A table. */
export interface TableContent {
  /** Its name: shown above it, unless a heading has it. */
  readonly caption: string | { readonly headingId: string };
  readonly columns: readonly Column[];
  /** Cells in the order of the columns; the first one names the row. */
  readonly rows: readonly (readonly Cell[])[];
}

/** The roles are those that the elements have: a phone's layout would take them away. */
export function table({ caption, columns, rows }: TableContent): Html {
  const kinds = columns.map((column) => typeof column === "string" ? "" : column.kind);
  const names = columns.map((column) => typeof column === "string" ? column : column.name);
  const content = html`
    <thead role="rowgroup">
      <tr role="row">
        ${names.map((name, index) =>
          html`<th role="columnheader" scope="col" class="${kinds[index] ?? ""}">${name}</th>`
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map((row) => tableRow(row, names, kinds))}
    </tbody>
  `;
  return typeof caption === "string"
    ? html`<table role="table"><caption>${caption}</caption>${content}</table>`
    : html`<table role="table" aria-labelledby="${caption.headingId}">${content}</table>`;
}

function tableRow(
  [first = "", ...others]: readonly Cell[],
  names: readonly string[],
  kinds: readonly string[],
): Html {
  return html`
    <tr role="row">
      <th role="rowheader" scope="row">${first}</th>
      ${others.map((cell, index) =>
        html`<td role="cell" data-label="${names[index + 1] ?? ""}" class="${
          kinds[index + 1] ?? ""
        }">${cell}</td>`
      )}
    </tr>
  `;
}
