/**
 * Durations as Go writes them: `1h30m`, `1.5h`, `300ms`, `0`.
 *
 * @module
 */

/** Milliseconds per unit. Both Unicode forms of the micro sign are in use. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["\u00b5s", 1e-3],
  ["\u03bcs", 1e-3],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/** Go's limit, 2^63 - 1 nanoseconds (about 292 years), in milliseconds. */
const MAX_DURATION_MS = Math.floor(2 ** 63 / 1e6);

/** A text that is not a duration. The message says why and quotes nothing: the text may
 * be a secret in the wrong place. */
export class DurationSyntaxError extends SyntaxError {
  override readonly name = "DurationSyntaxError";
}

/**
 * Reads a duration.
 *
 * @param text A sign, if any, and decimal numbers with a unit each: `1h30m`, `1.5h`, `-2s`. Units:
 * `ns`, `us` or `µs`, `ms`, `s`, `m`, `h`. `0` needs no unit.
 * @returns Milliseconds, with a fraction where the text has one.
 * @throws {DurationSyntaxError} If it is not a duration.
 */
export function parseDuration(text: string): number {
  const negative = text.startsWith("-");
  const unsigned = negative || text.startsWith("+") ? text.slice(1) : text;
  if (unsigned === "") throw new DurationSyntaxError("it is empty");
  if (unsigned === "0") return 0;
  const part = /(\d+\.?\d*|\.\d+)([^\d.]*)/y;
  let milliseconds = 0;
  while (part.lastIndex < unsigned.length) {
    const at = part.lastIndex;
    const match = part.exec(unsigned);
    if (!match) throw new DurationSyntaxError(`character ${at + 1} begins no number`);
    const [, number = "", unit = ""] = match;
    milliseconds += Number(number) * factor(unit);
  }
  if (milliseconds > MAX_DURATION_MS) throw new DurationSyntaxError("it is longer than 292 years");
  return negative ? -milliseconds : milliseconds;
}

function factor(unit: string): number {
  if (unit === "") throw new DurationSyntaxError("a number has no unit");
  const milliseconds = UNITS.get(unit);
  if (milliseconds !== undefined) return milliseconds;
  const hint = /^d(ays?)?$/i.test(unit) ? ": write 24h for a day" : ", use ms, s, m or h";
  throw new DurationSyntaxError(`a unit is not known${hint}`);
}

/**
 * Writes a duration in the shortest form that `parseDuration` reads back to the same value, for
 * whole microseconds: `1h30m`, `250ms`, `0s`.
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  let microseconds = Math.round(milliseconds * 1000);
  let text = "";
  for (
    const [unit, size] of [["h", 3.6e9], ["m", 6e7], ["s", 1e6], ["ms", 1e3], ["us", 1]] as const
  ) {
    const count = Math.floor(microseconds / size);
    if (count > 0) text += `${count}${unit}`;
    microseconds -= count * size;
  }
  return text === "" ? "0s" : text;
}
