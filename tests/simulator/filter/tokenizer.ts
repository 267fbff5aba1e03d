/**
 * Cuts the text of a `filter` parameter into tokens.
 *
 * Literals as the vendor documents write them: strings in single quotes with an inner quote
 * doubled, date-times and durations without quotes, numbers, `true` and `false`.
 *
 * @module
 */
import { FilterError } from "./error.ts";

/** A value written in a filter. */
export type Literal =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  /** Milliseconds since the epoch. */
  | { readonly type: "date"; readonly value: number }
  /** Milliseconds. */
  | { readonly type: "duration"; readonly value: number };

/** A piece of a filter and its position in the text. */
export type Token =
  | { readonly kind: "word"; readonly text: string; readonly at: number }
  | { readonly kind: "literal"; readonly literal: Literal; readonly at: number }
  | { readonly kind: "(" | ")" | "," | "end"; readonly at: number };

const BARE = /[A-Za-z0-9_.:+/-]/;
/** Fields of nested objects and of related resources have a dot or a slash in their names. */
const WORD = /^[A-Za-z_]\w*(?:[./][A-Za-z_]\w*)*$/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * Cuts a filter into tokens; the last one is `end`.
 *
 * @throws FilterError On a character or a bare word that means nothing.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === " ") {
      at += 1;
    } else if (character === "(" || character === ")" || character === ",") {
      tokens.push({ kind: character, at });
      at += 1;
    } else if (character === "'") {
      const end = endOfString(text, at);
      const value = text.slice(at + 1, end).replaceAll("''", "'");
      tokens.push({ kind: "literal", literal: { type: "string", value }, at });
      at = end + 1;
    } else if (BARE.test(character)) {
      let end = at;
      while (end < text.length && BARE.test(text.charAt(end))) end += 1;
      tokens.push(bareToken(text.slice(at, end), at));
      at = end;
    } else {
      throw new FilterError(`Unexpected character '${character}' at position ${at}`);
    }
  }
  tokens.push({ kind: "end", at });
  return tokens;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    if (text.charAt(at) !== "'") at += 1;
    else if (text.charAt(at + 1) === "'") at += 2;
    else return at;
  }
  throw new FilterError(`String that begins at position ${start} has no closing quote`);
}

function bareToken(text: string, at: number): Token {
  const literal = bareLiteral(text);
  if (literal) return { kind: "literal", literal, at };
  if (WORD.test(text)) return { kind: "word", text, at };
  throw new FilterError(`'${text}' at position ${at} is neither a name nor a value`);
}

function bareLiteral(text: string): Literal | undefined {
  if (text === "true" || text === "false") return { type: "boolean", value: text === "true" };
  if (NUMBER.test(text)) return { type: "number", value: Number(text) };
  if (DATE.test(text)) {
    const value = Date.parse(text);
    if (Number.isNaN(value)) throw new FilterError(`'${text}' is no valid date-time`);
    return { type: "date", value };
  }
  const duration = parseDuration(text);
  return duration === undefined ? undefined : { type: "duration", value: duration };
}

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds. */
export function parseDuration(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!match || text === "P" || text.endsWith("T")) return undefined;
  const [, days, hours, minutes, seconds] = match.map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000;
}
