/**
 * Formats of a log line, in the style of the Prometheus project. Whatever an entry holds, it becomes
 * one line.
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

/** What no key of logfmt can hold: it would end the key, or begin a value. */
const NOT_IN_KEY = /[^\w.:/@%+,*~#()[\]-]/gu;

/** One JSON object: `time`, `level`, `msg`, then the fields. */
export function formatJson(entry: LogEntry): string {
  const members: [string, Plain][] = [
    ["time", isoTime(entry.timestamp)],
    ["level", levelName(entry)],
    ["msg", entry.message],
    ["logger", entry.logger],
  ];
  const free = keysBeside(members.map(([key]) => key));
  for (const [key, { value }] of entry.fields) members.push([free(key), value]);
  // Member by member, as an object would move names that look like numbers to the front.
  const texts = members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return escapeUnsafe(`{${texts.join(",")}}`);
}

/** logfmt: `time=2026-11-20T22:12:00.123Z level=info msg="some words" site=a key=value`. */
export function formatText(entry: LogEntry): string {
  const { fields } = entry;
  const parts = [
    `time=${isoTime(entry.timestamp)}`,
    `level=${levelName(entry)}`,
    `msg=${quoted(entry.message)}`,
  ];
  const free = keysBeside(["time", "level", "msg"]);
  // The site comes first: it is what most readers look for.
  const sorted = fields.toSorted(([a], [b]) => Number(b === "site") - Number(a === "site"));
  for (const [key, { value, isError }] of sorted) {
    const text = isError ? quoted(errorText(value)) : valueText(value);
    parts.push(`${free(key.replace(NOT_IN_KEY, "_") || "_")}=${text}`);
  }
  return escapeUnsafe(parts.join(" "));
}

/** Keys that are taken get an underscore at their end. */
function keysBeside(reserved: readonly string[]): (key: string) => string {
  const taken = new Set(reserved);
  return (key) => {
    let free = key;
    while (taken.has(free)) free += "_";
    taken.add(free);
    return free;
  };
}

/** As the Prometheus project spells it. */
function levelName({ level }: LogEntry): string {
  return level === "warning" ? "warn" : level;
}

function valueText(value: Plain): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return String(value);
  return quoted(isPlainList(value) ? value.join(",") : JSON.stringify(value));
}

/** Texts that commas can join without a doubt about where each ends. */
function isPlainList(value: object): value is string[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((item) => typeof item === "string" && item !== "" && !item.includes(","));
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
