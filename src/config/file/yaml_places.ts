/**
 * Finds the places of keys and values in a YAML document.
 *
 * @module
 */
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type YAMLMap } from "yaml";
import type { KeyPath } from "../key_path.ts";

/** A place in a text, 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds the places of what was read. */
export interface Places {
  /** Place of the value, or of the nearest thing around it that the file has. */
  value(path: KeyPath): Place | undefined;
  /** Place of the key itself, or what `value` gives. */
  key(path: KeyPath): Place | undefined;
}

/** The places of a document that could not be read. */
export const NO_PLACES: Places = { value: () => undefined, key: () => undefined };

/** Place of a node; undefined for what is no node of the text. */
export function placeOf(
  node: unknown,
  placeAt: (offset: number) => Place,
): Place | undefined {
  return isNode(node) && node.range ? placeAt(node.range[0]) : undefined;
}

/** True for the key `<<`, which takes over the keys of another mapping. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.source === "<<";
}

/** The places of one document, looked up where they are asked for. */
export class YamlPlaces implements Places {
  readonly #document: Document.Parsed;
  readonly #placeAt: (offset: number) => Place;

  /** @param placeAt Gives the place of a character. */
  constructor(document: Document.Parsed, placeAt: (offset: number) => Place) {
    this.#document = document;
    this.#placeAt = placeAt;
  }

  value(path: KeyPath): Place | undefined {
    return this.#find(path)?.nearest;
  }

  key(path: KeyPath): Place | undefined {
    const found = this.#find(path);
    return found?.key ?? found?.nearest;
  }

  #find(path: KeyPath): { nearest: Place | undefined; key: Place | undefined } | undefined {
    let node = this.#resolve(this.#document.contents);
    let nearest = this.#placeOf(node);
    let key: Place | undefined;
    for (const step of path) {
      const entry = this.#entry(node, step);
      if (!entry) return { nearest, key: undefined };
      node = this.#resolve(entry.value);
      key = this.#placeOf(entry.key);
      const isEmpty = isScalar(node) && node.value === null;
      nearest = (isEmpty ? undefined : this.#placeOf(node)) ?? key ?? nearest;
    }
    return { nearest, key };
  }

  #entry(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
    if (isSeq(node) && typeof step === "number") {
      return step in node.items ? { key: undefined, value: node.items[step] } : undefined;
    }
    return isMap(node) ? this.#pair(node, String(step)) : undefined;
  }

  /** The mapping's own keys win over merged ones, earlier merges over later ones. */
  #pair(map: YAMLMap, name: string): { key: unknown; value: unknown } | undefined {
    const own = map.items.find(({ key }) => {
      const text = this.#resolve(key);
      return !isMergeKey(key) && isScalar(text) && (text.source ?? String(text.value)) === name;
    });
    if (own) return own;
    const sources = map.items.filter(({ key }) => isMergeKey(key)).flatMap(({ value }) => {
      const source = this.#resolve(value);
      return isSeq(source) ? source.items : [source];
    });
    for (const source of sources) {
      const merged = this.#resolve(source);
      const found = isMap(merged) ? this.#pair(merged, name) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #placeOf(node: unknown): Place | undefined {
    return placeOf(node, this.#placeAt);
  }
}
