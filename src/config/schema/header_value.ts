/**
 * Which texts can be an API key.
 *
 * @module
 */

/**
 * What is wrong with a value for an HTTP header (RFC 9110, 5.5; ASCII only), or undefined if nothing
 * is. Never quotes the value.
 */
export function headerValueFault(value: string): string | undefined {
  if (value.trim() === "") return "it is empty";
  if (/[\r\n]/.test(value)) return "it has a line break in it";
  if (!/^[\x20-\x7e]+$/.test(value)) return "it has a character in it that is not printable ASCII";
  return undefined;
}
