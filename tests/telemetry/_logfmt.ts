/**
 * Reads logfmt as Loki does: keys up to `=`, values bare or as quoted JSON texts.
 *
 * @module
 */

const PAIR = /([^\s="]+)=(?:("(?:[^"\\]|\\.)*")|([^\s="]*))(?: |$)/y;

/**
 * The pairs of a line, in order.
 *
 * @throws Error When it is not logfmt.
 */
export function parseLogfmt(line: string): [string, string][] {
  const pairs: [string, string][] = [];
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < line.length) {
    const at = PAIR.lastIndex;
    const [, key, quoted, bare] = PAIR.exec(line) ?? [];
    if (key === undefined) throw new Error(`no logfmt at column ${at + 1}: ${line}`);
    pairs.push([key, quoted === undefined ? bare ?? "" : String(JSON.parse(quoted))]);
  }
  return pairs;
}
