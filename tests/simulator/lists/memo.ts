/**
 * Rows that are dear to make, kept as long as what they are made of.
 *
 * @module
 */
import type { ListRow } from "./define.ts";

/**
 * Makes rows, or gives those it made before.
 *
 * @param source What they are made of; another object makes them anew.
 * @param key What else they depend on.
 */
export type Memo = (
  source: object,
  key: string,
  make: () => readonly ListRow[],
) => readonly ListRow[];

/** Starts without any rows. */
export function createMemo(): Memo {
  const made = new WeakMap<object, { readonly key: string; readonly rows: readonly ListRow[] }>();
  return (source, key, make) => {
    const known = made.get(source);
    if (known?.key === key) return known.rows;
    const rows = make();
    made.set(source, { key, rows });
    return rows;
  };
}
