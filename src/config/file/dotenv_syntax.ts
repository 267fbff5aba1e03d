/**
 * The syntax of `.env` files, as godotenv reads them: the Go exporter's files shall mean the same
 * here.
 *
 * @module
 */
import type { VariableLookup } from "./interpolate.ts";

/** A `.env` file that cannot be understood. Quotes nothing of it. */
export class DotenvSyntaxError extends SyntaxError {
  override readonly name = "DotenvSyntaxError";

  /** @param line 1-based. */
  constructor(readonly line: number, reason: string) {
    super(reason);
  }
}

/** White space within a line. */
const BLANK = "[\\t\\v\\f\\r \\x85\\xA0]";
const NAME = new RegExp(
  `${BLANK}*(?:export${BLANK}+)?([\\p{L}\\p{N}_.]+)${BLANK}*[=:]${BLANK}*`,
  "uy",
);
const QUOTED = /(["'])((?:\\[^]|(?!\1)[^\\])*)\1/y;
const UNQUOTED = /[^\n\r]*/y;
const COMMENT = new RegExp(`${BLANK}#`);
const VARIABLE = /(\\)?\$\(?\{?([A-Z0-9_]+)?\}?/g;

/**
 * Reads the variables of a `.env` file. `NAME=value` or `NAME: value`, with `export` before it or
 * not; a blank and a hash begin a comment; in unquoted and double-quoted values `$NAME` and
 * `${NAME}` are replaced, from the lines before or from `outer`, else by nothing.
 *
 * @param outer The environment.
 * @throws {DotenvSyntaxError} At the first line that cannot be understood.
 */
export function parseDotenv(
  content: string,
  outer: VariableLookup,
): ReadonlyMap<string, string> {
  const text = content.replaceAll("\r\n", "\n").replaceAll("---\n", "\n");
  const variables = new Map<string, string>();
  const lookup = (name: string) => variables.get(name) ?? outer(name) ?? "";
  let at = nextStatement(text, 0);
  while (at < text.length) {
    const [name, afterName] = readName(text, at);
    const [value, end] = readValue(text, afterName, lookup);
    variables.set(name, value);
    at = nextStatement(text, end);
  }
  return variables;
}

/** Where the next line that says something begins. */
function nextStatement(text: string, from: number): number {
  const skip = /(?:\s|#[^\n]*)*/y;
  skip.lastIndex = from;
  skip.exec(text);
  return skip.lastIndex;
}

function readName(text: string, at: number): [name: string, end: number] {
  NAME.lastIndex = at;
  const match = NAME.exec(text);
  if (match) return [match[1] ?? "", NAME.lastIndex];
  throw new DotenvSyntaxError(lineAt(text, at), 'there is no "NAME=value"');
}

function readValue(
  text: string,
  at: number,
  lookup: (name: string) => string,
): [value: string, end: number] {
  if (text[at] === '"' || text[at] === "'") {
    QUOTED.lastIndex = at;
    const match = QUOTED.exec(text);
    if (!match) throw new DotenvSyntaxError(lineAt(text, at), "a quoted value has no end");
    const [, quote, inner = ""] = match;
    return [quote === "'" ? inner : expand(unescape(inner), lookup), QUOTED.lastIndex];
  }
  UNQUOTED.lastIndex = at;
  const line = UNQUOTED.exec(text)?.[0] ?? "";
  const comment = COMMENT.exec(line)?.index ?? line.length;
  return [expand(line.slice(0, comment).trim(), lookup), UNQUOTED.lastIndex];
}

/** In double quotes: `\n` and `\r` are line breaks, `\$` waits for `expand`. */
function unescape(text: string): string {
  return text.replace(/\\([^])/g, (written, character: string) => {
    if (character === "n") return "\n";
    if (character === "r") return "\r";
    return character === "$" ? written : character;
  });
}

function expand(text: string, lookup: (name: string) => string): string {
  return text.replace(VARIABLE, (written, escaped?: string, name?: string) => {
    if (escaped !== undefined) return written.slice(1);
    return name === undefined ? written : lookup(name);
  });
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
