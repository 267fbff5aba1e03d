/**
 * Second line of defence against secrets in logs, errors and traces, whatever a server echoes: the
 * first is that a `Secret` cannot be printed.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { REDACTED } from "./secret.ts";

/** Shorter texts turn up by chance, and replacing them would garble what is shown. */
const MIN_LENGTH = 4;

/** The part of a base64 text that a secret alone decides must be long enough to be no chance. */
const MIN_BASE64_LENGTH = 8;

/** A line of a PEM file is a secret of its own from this length on. */
const MIN_LINE_LENGTH = 16;

/**
 * Replaces every known secret, plain, JSON-escaped, percent-encoded or in base64, by `[redacted]`.
 */
export type Redact = (text: string) => string;

/** Knows the secrets that must not turn up. */
export interface Redactor {
  /** Adds secrets. They are never removed: an old key may still be valid. */
  register(secrets: readonly string[]): void;
  readonly redact: Redact;
}

/**
 * Makes a redactor.
 *
 * @param secrets Texts that must not be seen; those of less than four characters are ignored.
 */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  const register = (added: readonly string[]) => {
    for (const form of added.flatMap(formsOf)) forms.add(form);
    // The longest first, so that no rest of a longer one is left over.
    const longestFirst = [...forms].sort((a, b) => b.length - a.length);
    pattern = forms.size === 0 ? undefined : new RegExp(longestFirst.map(escape).join("|"), "g");
  };
  register(secrets);
  return {
    register,
    redact: (text) => pattern ? text.replace(pattern, REDACTED) : text,
  };
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) =>
    line.length >= MIN_LINE_LENGTH && !line.startsWith("-----")
  );
  const parts = secret.includes("\n") ? lines : credentialsOf(secret);
  return [secret, secret.trim(), ...parts]
    .filter((text) => text.length >= MIN_LENGTH)
    .flatMap((text) => [text, jsonEscaped(text), ...percentEncoded(text), ...base64Forms(text)]);
}

/** What is secret in a URL with credentials, such as that of a proxy. */
function credentialsOf(secret: string): string[] {
  const { username = "", password = "" } = URL.parse(secret) ?? {};
  if (username === "" && password === "") return [];
  const pairs = withDecoded(`${username}:${password}`);
  // As in a `Basic` header; short ones have too little in common with other base64 texts.
  const basic = pairs.map((pair) => Buffer.from(pair).toString("base64"));
  return [...withDecoded(password === "" ? username : password), ...pairs, ...basic];
}

/** Also without percent-encoding. */
function withDecoded(text: string): string[] {
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    return [text];
  }
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
