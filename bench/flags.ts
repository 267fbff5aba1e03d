/**
 * Flags of a benchmark: numbers that make it smaller to try it out.
 *
 * @module
 */
import { parseArgs } from "node:util";

/**
 * Reads flags that are lists of positive numbers: `--sites 10,20`.
 *
 * @param defaults All flags there are, each with its value when it is not given.
 * @throws TypeError When a flag is unknown.
 * @throws RangeError When a value is no list of positive numbers.
 */
export function numberLists<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, readonly number[]>>,
): Record<Name, readonly number[]> {
  const options = Object.fromEntries(
    Object.keys(defaults).map((name) => [name, { type: "string" } as const]),
  );
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const lists: Record<Name, readonly number[]> = { ...defaults };
  for (const name in defaults) {
    const text = values[name];
    if (typeof text !== "string") continue;
    const numbers = text.split(",").map(Number);
    if (!numbers.every((number) => number > 0 && number < Infinity)) {
      throw new RangeError(`--${name} must be positive numbers with commas, not "${text}"`);
    }
    lists[name] = numbers;
  }
  return lists;
}

/**
 * The one number of a list.
 *
 * @throws RangeError When there are several.
 */
export function single(name: string, [value, ...rest]: readonly number[]): number {
  if (value === undefined || rest.length > 0) throw new RangeError(`--${name} must be one number`);
  return value;
}
