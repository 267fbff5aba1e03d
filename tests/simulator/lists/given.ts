/**
 * Rows that a test wants a list to have.
 *
 * @module
 */
import type { ListRow } from "./define.ts";

/** A row that a test gives; what it leaves out is as in the generated row of the same place. */
export interface RowInput {
  readonly id?: string;
  /** Any names, any values. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Attributes that the row is not to have. */
  readonly omit?: readonly string[];
}

/** The rows themselves, or only how many there are to be. */
export type GivenRows = number | readonly RowInput[];

/** Puts what a test gave over the generated rows. */
export function giveRows(
  generated: readonly ListRow[] | undefined,
  given: GivenRows | undefined,
): readonly ListRow[] | undefined {
  if (given === undefined || typeof given === "number" || !generated) return generated;
  return given.map((input, index) => {
    const row = generated[index];
    const attributes: Record<string, unknown> = { ...row?.attributes, ...input.attributes };
    for (const name of input.omit ?? []) delete attributes[name];
    return { ...row, id: input.id ?? row?.id ?? String(index), attributes };
  });
}
