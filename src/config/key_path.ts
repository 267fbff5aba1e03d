/**
 * Where a value stands in the configuration.
 *
 * @module
 */

/** Keys and list indexes from the top: `["nbuservers", 0, "port"]`. */
export type KeyPath = readonly (string | number)[];

/** The path as people read it: `nbuservers[0].port`; empty for the top. */
export function formatKeyPath(path: KeyPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? printable(step) : `.${printable(step)}`;
  }
  return text;
}

/** A key can be any text: one that would break the line, or be mistaken for a path, is quoted. */
function printable(key: string): string {
  return /^[^\s.[\]"\p{C}]+$/u.test(key) ? key : JSON.stringify(key);
}
