/**
 * Texts for a terminal.
 *
 * @module
 */

/** Control characters, which names from the configuration and from NetBackup may hold. */
const UNSAFE = /\p{C}/gu;

/** A text in which no character does anything to a terminal: those that would are shown as `\u001b`. */
export function escapeControls(text: string): string {
  return text.replace(
    UNSAFE,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
