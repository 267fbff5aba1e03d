/**
 * Words for the YAML library's errors. Its own messages may quote the text around the place, and
 * that text may be a secret: they are never shown.
 *
 * @module
 */
import type { ErrorCode } from "yaml";

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: "an alias (*name) or anchor (&name) is malformed; put quotes around the value",
  BAD_DIRECTIVE: "a directive (a line that begins with %) is malformed",
  BAD_DQ_ESCAPE: "a backslash inside \"…\" begins no known escape; use '…' or write \\\\",
  BAD_INDENT: "the indentation does not fit, or a bracket is not closed",
  BAD_SCALAR_START: "a value begins with a character YAML reserves; put quotes around it",
  BLOCK_AS_IMPLICIT_KEY: 'there is a second ": " on the line; put quotes around the value',
  BLOCK_IN_FLOW: "an indented block cannot stand inside brackets",
  MISSING_CHAR: "a character is missing here: a closing quote, a bracket, a colon or a space",
  MULTILINE_IMPLICIT_KEY: "a key goes over more than one line; a colon may be missing",
  MULTIPLE_ANCHORS: "a value has more than one anchor (&name)",
  MULTIPLE_TAGS: "a value has more than one tag (!name)",
  RESOURCE_EXHAUSTION: "it is nested too deeply",
  TAB_AS_INDENT: "a tab is used as indentation; use spaces",
  TAG_RESOLVE_FAILED: "a tag (!name) does not fit its value; put quotes around the value",
  UNEXPECTED_TOKEN: "there is text that does not belong here; put quotes around the value",
};

/** A syntax error and where it is. */
export interface YamlFault {
  readonly offset: number;
  readonly message: string;
}

/**
 * What is wrong, in words that quote nothing of the file.
 *
 * @param offset Where the library found it.
 * @param text The file.
 */
export function yamlFault(code: ErrorCode, offset: number, text: string): YamlFault {
  const nextLine = /\n[^\S\n]*/g;
  nextLine.lastIndex = offset;
  const lineBreak = nextLine.exec(text);
  const rest = text.slice(offset, lineBreak?.index);
  // An unquoted value goes on in lines that are indented further: the second colon is in the next.
  if (code === "BLOCK_AS_IMPLICIT_KEY" && lineBreak && !/:(\s|$)/.test(rest)) {
    return {
      offset: nextLine.lastIndex,
      message: "not valid YAML: the line is indented too far",
    };
  }
  const message = MESSAGES[misfit(code, offset, text) ? "BAD_INDENT" : code] ??
    "the text cannot be understood from here on";
  return { offset, message: `not valid YAML: ${message}` };
}

/**
 * Whether a fault is that a whole line does not fit those above: the library then misses a "-", or
 * takes the lines above for a key.
 */
function misfit(code: ErrorCode, offset: number, text: string): boolean {
  if (code !== "MISSING_CHAR" && code !== "BLOCK_AS_IMPLICIT_KEY") return false;
  const isLineStart = offset > 0 && text[offset - 1] === "\n";
  return isLineStart && /^[^\S\n]*\S/.test(text.slice(offset));
}
