/**
 * Looks into the schema: which keys there are, and what the notes on them say.
 *
 * @module
 */
import * as v from "valibot";
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
  const found = search(schema, (part) => "entries" in part || "item" in part);
  if (found && "entries" in found && isRecord(found.entries)) {
    return { kind: "section", entries: new Map(Object.entries(found.entries).filter(isEntry)) };
  }
  if (found && "item" in found && isSchema(found.item)) return { kind: "list", item: found.item };
  return { kind: "value" };
}

/** Notes on a key, its description and its default as it would stand in the file. */
export interface KeyDetails {
  readonly notes: KeyNotes;
  readonly description: string | undefined;
  /** Text of a single value; undefined where there is no default or it is no single value. */
  readonly defaultText: string | undefined;
  readonly required: boolean;
  /** What a value must be, in the words of an error. */
  readonly expected: string | undefined;
}

/** What the schema of a key says about it. */
export function detailsOf(schema: AnySchema): KeyDetails {
  const byDefault = "default" in schema ? schema.default : undefined;
  return {
    notes: notesOf(schema),
    description: describe(schema),
    defaultText: typeof byDefault === "string" ? byDefault : undefined,
    required: schema.type !== "optional",
    expected: expectedOf(schema),
  };
}

/** One key of the configuration, for documentation and for tests. */
export interface KeyInfo extends KeyDetails {
  /** `nbuservers[].retry.minWait` */
  readonly path: string;
  readonly kind: Shape["kind"];
}

/** Every key of a schema, in its order. */
export function listKeys(schema: AnySchema, prefix = ""): KeyInfo[] {
  const shape = shapeOf(schema);
  if (shape.kind === "list") return listKeys(shape.item, `${prefix}[]`);
  if (shape.kind === "value") return [];
  return [...shape.entries].flatMap(([name, entry]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    return [{ path, kind: shapeOf(entry).kind, ...detailsOf(entry) }, ...listKeys(entry, path)];
  });
}

function notesOf(schema: AnySchema): KeyNotes {
  const notes: KeyNotes = {};
  search(schema, (part) => {
    if ("metadata" in part && isRecord(part.metadata)) Object.assign(notes, part.metadata);
    return false;
  });
  return notes;
}

function expectedOf(schema: AnySchema): string | undefined {
  const part = search(schema, (part) => "message" in part && typeof part.message === "string");
  return part && "message" in part && typeof part.message === "string" ? part.message : undefined;
}

function describe(schema: AnySchema): string | undefined {
  const part = search(schema, (part) => "description" in part);
  const text = part && "description" in part ? part.description : undefined;
  return typeof text === "string" ? text : undefined;
}

/** The first part that fits: the schema, the items of its pipe, what it wraps. */
function search(part: object, fits: (part: object) => boolean): object | undefined {
  if (fits(part)) return part;
  const inner: unknown[] = [];
  // The first item of a pipe is the piped schema's own base: its fields are on the schema already.
  if ("pipe" in part && Array.isArray(part.pipe)) inner.push(...part.pipe);
  if ("wrapped" in part) inner.push(part.wrapped);
  for (const item of inner) {
    const found = isRecord(item) ? search(item, fits) : undefined;
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
