import assert from "node:assert/strict";
import fc from "fast-check";
import { IntegerColumn, NumberColumn } from "../../src/ledger/column.ts";

const ROWS_PER_CHUNK = 8192;

function columnOf(numbers: readonly number[]): NumberColumn {
  const column = new NumberColumn();
  numbers.forEach((number, row) => column.set(row, number));
  return column;
}

const contents = (column: NumberColumn, rows: number) =>
  Array.from({ length: rows }, (_, row) => column.get(row));

/** Numbers as jobs have them, with neighbours that share a base and others that do not. */
const amounts = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 + 10 }),
  fc.integer({ min: 1_790_000_000_000 - 2 ** 31 - 5, max: 1_790_000_000_000 + 2 ** 31 + 5 }),
  fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }).map((number) => number + 0),
  fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 98.75, 1e300),
);

Deno.test("a column gives back exactly what was set, whatever numbers are next to one another", () => {
  fc.assert(fc.property(fc.array(amounts, { maxLength: 50 }), (numbers) => {
    assert.deepEqual(contents(columnOf(numbers), numbers.length), numbers);
  }));
});

Deno.test("a number can be changed to one that does not fit beside the others", () => {
  fc.assert(
    fc.property(fc.array(amounts, { minLength: 1, maxLength: 20 }), amounts, (numbers, changed) => {
      const column = columnOf(numbers);
      column.set(0, changed);
      assert.deepEqual(contents(column, numbers.length), [changed, ...numbers.slice(1)]);
    }),
  );
});

Deno.test("a column keeps the selected rows, over the bounds of its chunks", () => {
  const numbers = Array.from(
    { length: 3 * ROWS_PER_CHUNK },
    // The chunk in the middle has a fraction in it, the last one times.
    (_, row) => row < ROWS_PER_CHUNK ? row : row < 2 * ROWS_PER_CHUNK ? row / 2 : 1.79e12 + row,
  );
  const column = columnOf(numbers);
  const rows = Uint32Array.from(
    { length: 1.5 * ROWS_PER_CHUNK },
    (_, index) => 2 * index + 1,
  );
  column.select(rows);
  assert.deepEqual(contents(column, rows.length), Array.from(rows, (row) => numbers[row]));
});

Deno.test("integers of one size keep their size and their selected rows", () => {
  const column = new IntegerColumn(Uint16Array);
  for (let row = 0; row < 2 * ROWS_PER_CHUNK; row++) column.set(row, row);
  column.select(Uint32Array.of(1, ROWS_PER_CHUNK + 1));
  assert.deepEqual([column.get(0), column.get(1)], [1, ROWS_PER_CHUNK + 1]);
});
