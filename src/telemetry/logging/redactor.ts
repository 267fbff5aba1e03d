/**
 * Second line of defence against secrets in the log: the first is that a `Secret` cannot be printed.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Secret } from "../../base/secret.ts";

const REDACTED = "[redacted]";

/** Shorter texts turn up by chance, and replacing them would garble the log. */
const MIN_LENGTH = 4;

/** The part of a base64 text that a secret alone decides must be long enough to be no chance. */
const MIN_BASE64_LENGTH = 8;

/** A line of a PEM file is a secret of its own from this length on. */
const MIN_LINE_LENGTH = 16;

/** Knows the secrets that must not turn up. */
export interface Redactor {
  /** Adds secrets. They are never forgotten: an old key may still be valid. */
  register(secrets: readonly Secret[]): void;
  /** Replaces every known secret, plain, percent-encoded or in base64, by `[redacted]`. */
  redact(text: string): string;
}

/** Starts without any secret. */
export function createRedactor(): Redactor {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    register(secrets) {
      for (const secret of secrets) {
        for (const form of formsOf(secret.reveal())) forms.add(form);
      }
      // The longest first, so that no rest of a longer one is left over.
      const longestFirst = [...forms].sort((a, b) => b.length - a.length);
      pattern = forms.size === 0 ? undefined : new RegExp(longestFirst.map(escape).join("|"), "g");
    },
    redact: (text) => pattern ? text.replace(pattern, REDACTED) : text,
  };
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) =>
    line.length >= MIN_LINE_LENGTH && !line.startsWith("-----")
  );
  return [secret, secret.trim(), ...(secret.includes("\n") ? lines : [])]
    .filter((text) => text.length >= MIN_LENGTH)
    .flatMap((text) => [text, jsonEscaped(text), ...percentEncoded(text), ...base64Forms(text)]);
}

/** As it stands within JSON that is logged as a text. */
function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function percentEncoded(text: string): string[] {
  const encoded = encodeURIComponent(text.toWellFormed());
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [encoded, lower, encodeURI(text.toWellFormed()), encoded.replaceAll("%20", "+")];
}

/**
 * What every base64 text has in common that holds the secret, wherever in it the secret begins:
 * three alignments, less the characters that its neighbours have a part in.
 */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  const forms = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const start = [0, 2, 3][offset] ?? 0;
    const spare = (offset + bytes.length) % 3;
    const end = encoded.length - ([0, 3, 2][spare] ?? 0);
    return encoded.slice(start, end);
  });
  return forms.filter((form) => form.length >= MIN_BASE64_LENGTH)
    .flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
