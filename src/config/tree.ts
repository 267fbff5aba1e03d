/**
 * The configuration between YAML and the schema: nothing but texts, lists and mappings. Types are
 * the schema's business, so `port: 9440`, `apiVersion: 14.0` and `apiKey: 010` keep their text.
 *
 * @module
 */

/** A mapping of the file; without a prototype, so that any key is safe. */
export interface TreeMap {
  [key: string]: Tree | undefined;
}

/** A value of the file; null is YAML's null. */
export type Tree = string | null | Tree[] | TreeMap;

/** An empty mapping. */
export function newTreeMap(): TreeMap {
  return Object.create(null);
}

/** True for a mapping. */
export function isTreeMap(tree: Tree | undefined): tree is TreeMap {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree);
}

/** The value at a path, undefined where there is none. */
export function treeAt(
  tree: Tree | undefined,
  path: readonly (string | number)[],
): Tree | undefined {
  let value = tree;
  for (const step of path) {
    if (typeof step === "number") value = Array.isArray(value) ? value[step] : undefined;
    else value = isTreeMap(value) ? value[step] : undefined;
  }
  return value;
}
