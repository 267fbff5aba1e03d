/**
 * Looks into the schema: which keys there are, and the notes on them.
 *
 * @module
 */
import type * as v from "valibot";
import type { KeyNotes } from "./keys.ts";

/** Any schema of ours. */
export type AnySchema = v.GenericSchema<unknown, unknown> | v.GenericSchema<never, unknown>;

/** What a schema is made of. */
export type Shape =
  | { readonly kind: "section"; readonly entries: ReadonlyMap<string, AnySchema> }
  | { readonly kind: "list"; readonly item: AnySchema }
  | { readonly kind: "value" };

/** Shape of a schema, wrappers taken off. */
export function shapeOf(schema: AnySchema): Shape {
  const found = findPart(schema, (part) => "entries" in part || "item" in part);
  if (found && "entries" in found && isRecord(found.entries)) {
    return { kind: "section", entries: new Map(Object.entries(found.entries).filter(isEntry)) };
  }
  if (found && "item" in found && isSchema(found.item)) return { kind: "list", item: found.item };
  return { kind: "value" };
}

/** Notes on the key that a schema is for. */
export function notesOf(schema: AnySchema): KeyNotes {
  const notes: KeyNotes = {};
  findPart(schema, (part) => {
    if ("metadata" in part && isRecord(part.metadata)) Object.assign(notes, part.metadata);
    return false;
  });
  return notes;
}

/**
 * The first part of a schema that fits: the schema itself, the items of its pipe, what it wraps.
 *
 * @returns Undefined when none fits.
 */
export function findPart(part: object, fits: (part: object) => boolean): object | undefined {
  if (fits(part)) return part;
  const inner: unknown[] = [];
  // The first item of a pipe is the piped schema's own base: its fields are on the schema already.
  if ("pipe" in part && Array.isArray(part.pipe)) inner.push(...part.pipe);
  if ("wrapped" in part) inner.push(part.wrapped);
  for (const item of inner) {
    const found = isRecord(item) ? findPart(item, fits) : undefined;
    if (found) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isSchema(value: unknown): value is AnySchema {
  return isRecord(value) && value.kind === "schema";
}

function isEntry(entry: [string, unknown]): entry is [string, AnySchema] {
  return isSchema(entry[1]);
}
