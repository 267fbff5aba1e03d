/**
 * Turns whatever is logged into plain data.
 *
 * @module
 */
import { Secret } from "../../base/secret.ts";

/** What JSON can hold. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** How values are made plain. */
export interface PlainOptions {
  /** Adds the stack of an error. */
  readonly stacks: boolean;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

const MAX_DEPTH = 8;

/**
 * Makes a value plain. It never throws, whatever a getter or a proxy does, and never gives more
 * than a fixed depth.
 *
 * @returns Undefined for undefined.
 */
export function toPlain(value: unknown, options: PlainOptions): Plain | undefined {
  return convert(value, options, []);
}

function convert(
  value: unknown,
  options: PlainOptions,
  parents: readonly unknown[],
): Plain | undefined {
  if (value === null || value === undefined) return value;
  try {
    switch (typeof value) {
      case "string":
        return options.redact(value.toWellFormed());
      case "number":
        return plainNumber(value, options);
      case "bigint":
        return options.redact(String(value));
      case "boolean":
        return value;
      case "symbol":
      case "function":
        return `[${typeof value}]`;
      default:
        return plainObject(value, options, parents);
    }
  } catch {
    return "[unreadable]";
  }
}

function plainNumber(value: number, { redact }: PlainOptions): Plain {
  const text = String(value);
  if (!Number.isFinite(value)) return text;
  const redacted = redact(text);
  return redacted === text ? value : redacted;
}

function plainObject(value: object, options: PlainOptions, parents: readonly unknown[]): Plain {
  if (value instanceof Secret) return String(value);
  if (parents.includes(value)) return "[circular]";
  if (parents.length >= MAX_DEPTH) return "[too deep]";
  const path = [...parents, value];
  const inner = (item: unknown) => convert(item, options, path);
  if (value instanceof Error) return plainError(value, options, inner);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map || value instanceof Set) return [...value].map((e) => inner(e) ?? null);
  if (Array.isArray(value)) return value.map((item) => inner(item) ?? null);
  if ("toJSON" in value && typeof value.toJSON === "function") return inner(value.toJSON()) ?? null;
  return plainEntries(Object.keys(value).map((key) => [key, read(value, key)]), options, inner);
}

/** One property; a getter that throws costs that property only. */
function read(object: object, key: string): unknown {
  try {
    return Reflect.get(object, key);
  } catch {
    return "[unreadable]";
  }
}

function plainError(
  error: Error,
  options: PlainOptions,
  inner: (item: unknown) => Plain | undefined,
): Plain {
  const entries: [string, unknown][] = [["name", error.name], ["message", error.message]];
  if (error.cause !== undefined) entries.push(["cause", error.cause]);
  if (error instanceof AggregateError) entries.push(["errors", error.errors]);
  if (options.stacks) entries.push(["stack", error.stack]);
  return plainEntries(entries, options, inner);
}

function plainEntries(
  entries: readonly (readonly [string, unknown])[],
  { redact }: PlainOptions,
  inner: (item: unknown) => Plain | undefined,
): Plain {
  const plain: [string, Plain][] = [];
  for (const [key, item] of entries) {
    const value = inner(item);
    if (value !== undefined) plain.push([redact(key.toWellFormed()), value]);
  }
  // Not by assignment: a key may be `__proto__`.
  return Object.fromEntries(plain);
}
