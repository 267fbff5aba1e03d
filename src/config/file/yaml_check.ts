/**
 * Finds what the YAML library accepts, or refuses with a message that quotes the file: duplicate
 * keys, keys that are not a text, and invalid aliases and merge keys.
 *
 * @module
 */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
} from "yaml";
import type { KeyPath } from "../key_path.ts";
import { isMergeKey, type Place, placeOf } from "./yaml_places.ts";

/** Something wrong with the YAML itself. */
export interface YamlProblem {
  readonly place: Place | undefined;
  readonly path: KeyPath;
  /** Quotes no value of the file. */
  readonly message: string;
}

/** What the check of a document gives. */
export interface YamlCheck {
  readonly problems: readonly YamlProblem[];
  /** False when the document must not be turned into values. */
  readonly usable: boolean;
}

type Ancestors = readonly (Document | Node | Pair)[];

/** Checks a document that has no syntax errors. One pass, so many aliases cost nothing. */
export function checkYaml(
  document: Document.Parsed,
  placeAt: (offset: number) => Place,
): YamlCheck {
  const anchors = new Map<string, Node>();
  const problems: YamlProblem[] = [];
  let usable = true;

  const tell = (node: unknown, path: KeyPath, message: string) => {
    problems.push({ place: placeOf(node, placeAt), path, message });
  };
  const refuse = (node: unknown, path: KeyPath, message: string) => {
    usable = false;
    tell(node, path, message);
  };
  const resolve = (node: unknown): unknown => isAlias(node) ? anchors.get(node.source) : node;

  const keysOf = new Map<unknown, Map<string, Place | undefined>>();
  const checkKey = (key: unknown, map: unknown, path: KeyPath) => {
    const name = textOf(resolve(key));
    if (name === undefined) {
      refuse(key, path, "a key must be a word or a quoted text");
      return;
    }
    const seen = keysOf.get(map) ?? new Map<string, Place | undefined>();
    keysOf.set(map, seen);
    if (seen.has(name)) {
      const first = seen.get(name)?.line ?? "?";
      tell(key, [...path, name], `duplicate key, first on line ${first}`);
    } else {
      seen.set(name, placeOf(key, placeAt));
    }
  };

  const checkMerge = (value: unknown, path: KeyPath) => {
    const source = resolve(value);
    if (isSeq(source)) {
      for (const item of source.items) checkMerge(item, path);
      return;
    }
    // An alias without an anchor is told where the alias itself is visited.
    if (source === undefined || isMap(source)) return;
    refuse(value, path, "a merge key (<<) needs an alias of a mapping");
  };

  visit(document, {
    // An alias means the last anchor of that name before it.
    Alias(_key, alias, ancestors) {
      const target = anchors.get(alias.source);
      if (target && !ancestors.includes(target)) return;
      // The name of an unknown alias is not told: an unquoted secret may begin with an asterisk.
      const message = target
        ? "an alias (*name) refers to a value that contains it"
        : "an alias (*name) has no anchor before it; put quotes around the value if it is not an alias";
      refuse(alias, pathOf(ancestors, alias), message);
    },
    Pair(_key, pair, ancestors) {
      const path = pathOf(ancestors);
      if (isMergeKey(pair.key)) checkMerge(pair.value, path);
      else checkKey(pair.key, ancestors.at(-1), path);
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return { problems, usable };
}

/** Keys and list indexes on the way to a node, or to the last ancestor. */
function pathOf(ancestors: Ancestors, node?: Node): KeyPath {
  const path: (string | number)[] = [];
  const chain = node === undefined ? ancestors : [...ancestors, node];
  chain.forEach((ancestor, index) => {
    if (isPair(ancestor) && !isMergeKey(ancestor.key)) path.push(textOf(ancestor.key) ?? "?");
    if (isSeq(ancestor) && !isMergeValue(chain[index - 1])) {
      const position = ancestor.items.indexOf(chain[index + 1]);
      if (position >= 0) path.push(position);
    }
  });
  return path;
}

function isMergeValue(parent: unknown): boolean {
  return isPair(parent) && isMergeKey(parent.key);
}

function textOf(node: unknown): string | undefined {
  return isScalar(node) ? node.source ?? String(node.value) : undefined;
}
