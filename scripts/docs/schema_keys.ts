/**
 * Every key that a schema knows, with what the schema says about it.
 *
 * @module
 */
import type { KeyNotes } from "../../src/config/schema/keys.ts";
import {
  type AnySchema,
  findPart,
  notesOf,
  type Shape,
  shapeOf,
} from "../../src/config/schema/schema_shape.ts";

/** One key of the configuration. */
export interface KeyInfo {
  /** `nbuservers[].retry.minWait` */
  readonly path: string;
  readonly kind: Shape["kind"];
  readonly notes: KeyNotes;
  readonly description: string | undefined;
  /**
   * The default as it would stand in the file; undefined where there is none or it is no single
   * value.
   */
  readonly defaultText: string | undefined;
  readonly required: boolean;
  /** What a value must be, in the words of an error. */
  readonly expected: string | undefined;
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

function detailsOf(schema: AnySchema): Omit<KeyInfo, "path" | "kind"> {
  const byDefault = "default" in schema ? schema.default : undefined;
  return {
    notes: notesOf(schema),
    description: textOf(schema, "description"),
    defaultText: typeof byDefault === "string" ? byDefault : undefined,
    required: schema.type !== "optional",
    expected: textOf(schema, "message"),
  };
}

/** The text in this field of the first part that has one there. */
function textOf(schema: AnySchema, field: "description" | "message"): string | undefined {
  let text: string | undefined;
  findPart(schema, (part) => {
    const value: unknown = Object.entries(part).find(([name]) => name === field)?.[1];
    if (typeof value === "string") text = value;
    return text !== undefined;
  });
  return text;
}
