/**
 * Makes foreign texts and errors fit for being shown: no secret, no control characters, not too long.
 *
 * @module
 */
import type { Redact } from "../base/redactor.ts";

// Everything Unicode calls a control, a format character or a line separator.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * Makes a foreign text fit for an error or a log line: one line, no control characters, no secret,
 * not too long.
 *
 * @param limit Length in characters above which it is cut.
 */
export function clean(text: string, redact: Redact, limit = 300): string {
  // Controls go first: they could hide a secret from the search.
  const spaced = redact(text.replace(INVISIBLE, " "));
  const joined = redact(spaced.replace(/ {2,}/g, " ").trim());
  return joined.length <= limit ? joined : `${joined.slice(0, limit - 1)}…`;
}

/**
 * The cause of an error, free of secrets: the error itself where it has none, else a likeness of it.
 *
 * @returns Undefined for what is not an error.
 */
export function safeCause(error: unknown, redact: Redact, depth = 0): Error | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  const texts = [error.message, error.stack ?? ""];
  const cause = safeCause(error.cause, redact, depth + 1);
  if (texts.every((text) => redact(text) === text) && cause === error.cause) return error;
  const likeness = new Error(redact(error.message), cause === undefined ? undefined : { cause });
  likeness.name = error.name;
  likeness.stack = redact(error.stack ?? "");
  return likeness;
}

/** All messages of an error and its causes, outermost first, without repetitions. */
export function messages(error: unknown): string {
  const seen: string[] = [];
  let current: unknown = error;
  for (let depth = 0; current instanceof Error && depth < 5; depth++) {
    const text = messageOf(current);
    if (!seen.some((earlier) => earlier.includes(text))) seen.push(text);
    current = current.cause;
  }
  return seen.length === 0 ? String(error) : seen.join(": ");
}

/** Attempts on several addresses of one host end in an error with the messages one level down. */
function messageOf(error: Error): string {
  if (error.message !== "") return error.message;
  if (!(error instanceof AggregateError) || error.errors.length === 0) return error.name;
  const texts = error.errors.map((one: unknown) =>
    one instanceof Error ? one.message : String(one)
  );
  return texts.slice(0, 3).join(", ");
}
