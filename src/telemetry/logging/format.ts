/**
 * Formats of a log line. Whatever an entry holds, it becomes one line.
 *
 * @module
 */
import type { LogEntry } from "./entry.ts";
import type { Plain } from "./plain.ts";

/** Makes one line, without its end. */
export type Formatter = (entry: LogEntry) => string;

/**
 * Control characters, other line ends, and the marks that turn the direction of text around: what
 * could make a reader see lines or an order that are not there.
 */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A value that needs no quotes. */
const BARE = /^[\w.:/@%+,*~#()[\]-]+$/;

const RESERVED: ReadonlySet<string> = new Set(["ts", "level", "logger", "msg"]);

/** One JSON object: `ts`, `level`, `logger`, `msg`, then the fields. */
export function formatJson({ timestamp, level, logger, message, fields }: LogEntry): string {
  const members: [string, Plain][] = [
    ["ts", isoTime(timestamp)],
    ["level", level],
    ["logger", logger],
    ["msg", message],
  ];
  const taken = new Set(RESERVED);
  for (const [key, { value }] of fields) {
    let free = key;
    while (taken.has(free)) free += "_";
    taken.add(free);
    members.push([free, value]);
  }
  // Member by member, as an object would move names that look like numbers to the front.
  const texts = members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return escapeUnsafe(`{${texts.join(",")}}`);
}

/** `2026-11-20T22:12:00.123Z INFO site="a" message key=value`. */
export function formatText({ timestamp, level, message, fields }: LogEntry): string {
  const parts = [isoTime(timestamp), level.toUpperCase()];
  const site = fields.find(([key]) => key === "site");
  if (site) parts.push(`site=${JSON.stringify(site[1].value)}`);
  parts.push(message);
  for (const field of fields) {
    if (field === site) continue;
    const [key, { value, isError }] = field;
    const text = isError ? quoted(errorText(value)) : valueText(value);
    parts.push(`${quoted(key)}=${text}`);
  }
  return escapeUnsafe(parts.join(" "));
}

function valueText(value: Plain): string {
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

function quoted(text: string): string {
  return BARE.test(text) ? text : JSON.stringify(text);
}

/** `NetworkError: no route to host: caused by TypeError: fetch failed`. */
function errorText(error: Plain): string {
  if (typeof error !== "object" || error === null || Array.isArray(error)) {
    return typeof error === "string" ? error : JSON.stringify(error);
  }
  const { name, message, cause, errors, stack } = error;
  if (typeof name !== "string" || typeof message !== "string") return JSON.stringify(error);
  const texts = [typeof stack === "string" ? stack : `${name}: ${message}`];
  if (Array.isArray(errors)) texts.push(...errors.map((item) => `with ${errorText(item)}`));
  if (cause !== undefined) texts.push(`caused by ${errorText(cause)}`);
  return texts.join(": ");
}

function isoTime(timestamp: number): string {
  return new Date(timestamp).toISOString();
}

function escapeUnsafe(line: string): string {
  return line.replace(UNSAFE, (char) => {
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    if (char === "\t") return "\\t";
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
