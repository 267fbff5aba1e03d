/**
 * NetBackup's own account of an error (`errorResponse` in all of the vendor's documents).
 *
 * @module
 */
import * as v from "valibot";
import type { Redact } from "../base/redactor.ts";
import { clean } from "./safe_text.ts";

/** What NetBackup says about an error, cleaned. */
export interface ErrorBody {
  readonly errorCode: number | undefined;
  readonly errorMessage: string | undefined;
  readonly errorDetails: readonly string[];
}

const NOTHING: ErrorBody = { errorCode: undefined, errorMessage: undefined, errorDetails: [] };
const MAX_DETAILS = 3;

const code = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d{1,15}$/), v.transform(Number))]),
  v.safeInteger(),
);

const schema = v.object({
  errorCode: v.fallback(v.optional(code), undefined),
  errorMessage: v.fallback(v.optional(v.string()), undefined),
  errorDetails: v.fallback(v.optional(v.array(v.unknown())), undefined),
});

/**
 * Reads the body of an error as far as it can be understood; some 4xx and 5xx have none.
 *
 * @returns Texts without control characters and secrets, each at most 300 characters long.
 */
export function parseErrorBody(text: string, redact: Redact): ErrorBody {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  const result = v.safeParse(schema, json);
  if (!result.success) return NOTHING;
  const { errorCode, errorMessage, errorDetails = [] } = result.output;
  const details = errorDetails.filter((detail): detail is string => typeof detail === "string");
  return {
    errorCode,
    errorMessage: errorMessage === undefined ? undefined : clean(errorMessage, redact),
    errorDetails: details.slice(0, MAX_DETAILS).map((detail) => clean(detail, redact)),
  };
}
