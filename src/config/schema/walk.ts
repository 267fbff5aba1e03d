/**
 * Lays the file's tree beside the schema: finds the keys the schema does not know, those that do
 * nothing any more, and the values that count.
 *
 * @module
 */
import type { KeyPath } from "../key_path.ts";
import type { KeyNotes } from "./keys.ts";
import { type AnySchema, notesOf, shapeOf } from "./schema_shape.ts";
import { isTreeMap, newTreeMap, type Tree } from "../tree.ts";

/** A single value that the schema knows. */
export interface TreeLeaf {
  readonly path: KeyPath;
  readonly text: string;
  readonly notes: KeyNotes;
}

/** A key that the schema does not know. */
export interface UnknownKey {
  readonly path: KeyPath;
  /** Keys that are known there. */
  readonly known: readonly string[];
}

/** What laying the tree beside the schema gives. */
export interface WalkResult {
  /** The tree as it was. */
  readonly original: Tree;
  /**
   * The tree with the known keys only. Every key the schema knows is there, undefined where the
   * file has none: valibot then asks the key's own schema, whose message is the better one.
   */
  readonly tree: Tree | undefined;
  readonly leaves: readonly TreeLeaf[];
  readonly unknown: readonly UnknownKey[];
  /** Keys that do nothing any more. */
  readonly ignored: readonly KeyPath[];
}

/** Walks through tree and schema together. */
export function walk(schema: AnySchema, tree: Tree): WalkResult {
  const leaves: TreeLeaf[] = [];
  const unknown: UnknownKey[] = [];
  const ignored: KeyPath[] = [];

  const visit = (
    schema: AnySchema,
    tree: Tree,
    path: KeyPath,
    notes: KeyNotes,
  ): Tree | undefined => {
    const shape = shapeOf(schema);
    if (shape.kind === "list" && Array.isArray(tree)) {
      return tree.map((item, index) => visit(shape.item, item, [...path, index], notes) ?? null);
    }
    if (shape.kind === "section" && isTreeMap(tree)) {
      const names = [...shape.entries].filter(([, entry]) => !notesOf(entry).ignored);
      const known = names.map(([name]) => name);
      const result = newTreeMap();
      for (const name of known) result[name] = undefined;
      for (const [name, value] of Object.entries(tree)) {
        const entry = shape.entries.get(name);
        const keyPath = [...path, name];
        if (!entry) unknown.push({ path: keyPath, known });
        else {
          const notes = notesOf(entry);
          if (notes.ignored) ignored.push(keyPath);
          // A key without a value is a key that is not there.
          else if (value !== null && value !== undefined) {
            result[name] = visit(entry, value, keyPath, notes);
          }
        }
      }
      return result;
    }
    // Valibot takes a list for a mapping; null it does not.
    if (shape.kind === "section" && Array.isArray(tree)) return null;
    if (shape.kind === "value" && typeof tree === "string") {
      leaves.push({ path, text: tree, notes });
    }
    return tree;
  };

  return { original: tree, tree: visit(schema, tree, [], {}), leaves, unknown, ignored };
}
