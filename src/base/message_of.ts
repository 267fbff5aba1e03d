/**
 * What was thrown, in words.
 *
 * @module
 */

/** The message of an error; as text whatever else was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
