/**
 * Parses a `filter` parameter: comparisons, `contains`, `startswith`, `endswith`, `tolower`,
 * `toupper`, `and`, `or`, `not` and parentheses; `and` binds tighter than `or`.
 *
 * @module
 */
import { FilterError } from "./error.ts";
import { type Literal, type Token, tokenize } from "./tokenizer.ts";

/** Comparison operators of the filter language. */
const COMPARISONS = ["eq", "ne", "lt", "gt", "le", "ge"] as const;
/** Text functions of the filter language. */
const FUNCTIONS = ["contains", "startswith", "endswith"] as const;
/** How a field is changed before it is compared. */
const FOLDINGS = ["tolower", "toupper"] as const;

export type Comparison = (typeof COMPARISONS)[number];
export type TextFunction = (typeof FUNCTIONS)[number];
export type Folding = (typeof FOLDINGS)[number];

/** One test of one field. */
export interface Test {
  readonly kind: "test";
  readonly field: string;
  readonly operator: Comparison | TextFunction;
  readonly folding: Folding | undefined;
  readonly literal: Literal;
}

/** A parsed filter. */
export type Expression =
  | Test
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly of: Expression };

/**
 * Parses a filter.
 *
 * @throws FilterError When the text is not a filter.
 */
export function parseFilter(text: string): Expression {
  const parser = createParser(tokenize(text));
  const expression = parser.or();
  parser.expect("end");
  return expression;
}

interface Parser {
  or(): Expression;
  expect(kind: "(" | ")" | "," | "end"): void;
}

function createParser(tokens: readonly Token[]): Parser {
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: "end", at: 0 };
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const takeWord = (...words: readonly string[]): string | undefined => {
    const token = peek();
    if (token.kind !== "word" || !words.includes(token.text)) return undefined;
    position += 1;
    return token.text;
  };
  const expect = (kind: "(" | ")" | "," | "end"): void => {
    const token = next();
    if (token.kind !== kind) throw unexpected(token, `'${kind}'`);
  };

  const or = (): Expression => {
    let left = and();
    while (takeWord("or")) left = { kind: "or", left, right: and() };
    return left;
  };
  const and = (): Expression => {
    let left = unary();
    while (takeWord("and")) left = { kind: "and", left, right: unary() };
    return left;
  };
  const unary = (): Expression => {
    if (takeWord("not")) return { kind: "not", of: unary() };
    if (peek().kind !== "(") return test();
    expect("(");
    const inner = or();
    expect(")");
    return inner;
  };
  const test = (): Test => {
    const called = takeWord(...FUNCTIONS);
    if (called) {
      expect("(");
      const subject = operand();
      expect(",");
      const value = literal();
      expect(")");
      return { kind: "test", ...subject, operator: oneOf(FUNCTIONS, called), literal: value };
    }
    const subject = operand();
    const token = next();
    const operator = token.kind === "word" ? find(COMPARISONS, token.text) : undefined;
    if (!operator) throw unexpected(token, "an operator");
    return { kind: "test", ...subject, operator, literal: literal() };
  };
  const operand = (): { field: string; folding: Folding | undefined } => {
    const folding = takeWord(...FOLDINGS);
    if (folding) expect("(");
    const token = next();
    if (token.kind !== "word") throw unexpected(token, "a field name");
    if (folding) expect(")");
    return { field: token.text, folding: find(FOLDINGS, folding ?? "") };
  };
  const literal = (): Literal => {
    const token = next();
    if (token.kind !== "literal") throw unexpected(token, "a value");
    return token.literal;
  };
  return { or, expect };
}

function find<T extends string>(list: readonly T[], text: string): T | undefined {
  return list.find((item) => item === text);
}

function oneOf<T extends string>(list: readonly T[], text: string): T {
  const found = find(list, text);
  if (!found) throw new FilterError(`'${text}' is not one of ${list.join(", ")}`);
  return found;
}

function unexpected(token: Token, wanted: string): FilterError {
  const found = token.kind === "word"
    ? `'${token.text}'`
    : token.kind === "literal"
    ? `a ${token.literal.type}`
    : `'${token.kind}'`;
  return new FilterError(`Expected ${wanted} but found ${found} at position ${token.at}`);
}
