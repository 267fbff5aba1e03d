/**
 * YAML to a tree of texts with the place of every key and value.
 *
 * Everything stays the text that was written: YAML 1.1 would read `010` as 8, `1:30` as 90 and
 * `14.0` as 14. Anchors, aliases and merge keys (`<<`) work; what they expand to is limited.
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
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import { formatKeyPath, type KeyPath } from "../key_path.ts";
import { isTreeMap, newTreeMap, type Tree, type TreeMap } from "../tree.ts";
import { yamlMessage } from "./yaml_messages.ts";

/** A place in a text, 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something wrong with the YAML itself. */
export interface YamlProblem {
  readonly place: Place | undefined;
  readonly path: KeyPath;
  /** Quotes no value of the file. */
  readonly message: string;
}

/** Finds the places of what was read. */
export interface Places {
  /** Place of the value, or of the nearest thing around it that the file has. */
  value(path: KeyPath): Place | undefined;
  /** Place of the key itself, or what `value` gives. */
  key(path: KeyPath): Place | undefined;
}

/** What reading a YAML text gives. */
export interface YamlContent {
  /** Undefined when there is nothing to go on with. */
  readonly tree: Tree | undefined;
  readonly places: Places;
  readonly problems: readonly YamlProblem[];
}

/** More values than this, aliases expanded, are no configuration but an attack or an accident. */
const MOST_NODES = 20_000;
const DEEPEST = 32;

/** Reads one YAML document. Never throws: what is wrong is in `problems`. */
export function readYaml(text: string): YamlContent {
  const lines = new LineCounter();
  const problems: YamlProblem[] = [];
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      version: "1.1",
      lineCounter: lines,
      prettyErrors: false,
      // Told here instead, with both lines.
      uniqueKeys: false,
    });
  } catch (cause) {
    // The parser recurses: thousands of nested brackets overflow its stack.
    const reason = cause instanceof RangeError ? "it is nested too deeply" : "it cannot be read";
    return {
      tree: undefined,
      places: new PlaceMap(),
      problems: [{ place: undefined, path: [], message: `not valid YAML: ${reason}` }],
    };
  }
  const first = document.errors[0];
  if (first) {
    // One mistake makes the parser stumble over all that follows: only the first error means something.
    problems.push({ place: placeAt(first.pos[0]), path: [], message: yamlMessage(first.code) });
    return { tree: undefined, places: new PlaceMap(), problems };
  }
  const reader = new TreeReader(placeAt, aliasTargets(document), problems);
  try {
    return { tree: reader.read(document.contents, []), places: reader.places, problems };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    problems.push({ place: error.place, path: error.path, message: error.message });
    return { tree: undefined, places: reader.places, problems };
  }
}

/** An alias means the last anchor of that name before it. One pass, so many aliases cost nothing. */
function aliasTargets(document: Document.Parsed): ReadonlyMap<Node, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  visit(document, {
    Alias(_key, alias) {
      const target = anchors.get(alias.source);
      if (target) targets.set(alias, target);
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

class TooMuch extends Error {
  constructor(message: string, readonly path: KeyPath, readonly place: Place | undefined) {
    super(message);
  }
}

class PlaceMap implements Places {
  readonly #values = new Map<string, Place>();
  readonly #keys = new Map<string, Place>();

  setValue(path: KeyPath, place: Place): void {
    this.#values.set(formatKeyPath(path), place);
  }

  setKey(path: KeyPath, place: Place): void {
    this.#keys.set(formatKeyPath(path), place);
  }

  value(path: KeyPath): Place | undefined {
    for (let length = path.length; length >= 0; length--) {
      const name = formatKeyPath(path.slice(0, length));
      const place = this.#values.get(name) ?? this.#keys.get(name);
      if (place) return place;
    }
    return undefined;
  }

  key(path: KeyPath): Place | undefined {
    return this.#keys.get(formatKeyPath(path)) ?? this.value(path);
  }
}

class TreeReader {
  readonly places = new PlaceMap();
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(
    private readonly placeAt: (offset: number) => Place,
    private readonly targets: ReadonlyMap<Node, Node>,
    private readonly problems: YamlProblem[],
  ) {}

  read(node: unknown, path: KeyPath): Tree {
    const place = this.#placeOf(node);
    this.#nodes++;
    if (this.#nodes > MOST_NODES || path.length > DEEPEST) {
      throw new TooMuch("too many or too deeply nested values; check the aliases", path, place);
    }
    if (isAlias(node)) return this.#alias(node, path);
    if (isScalar(node)) {
      if (place && node.value !== null) this.places.setValue(path, place);
      if (node.value === null) return null;
      return node.source ?? String(node.value);
    }
    if (place) this.places.setValue(path, place);
    if (isMap(node)) return this.#inside(node, () => this.#map(node, path));
    if (isSeq(node)) {
      return this.#inside(
        node,
        () =>
          node.items.map((item, index) =>
            this.read(isPair(item) ? undefined : item, [...path, index])
          ),
      );
    }
    return null;
  }

  #inside<T>(node: Node, work: () => T): T {
    this.#open.add(node);
    const result = work();
    this.#open.delete(node);
    return result;
  }

  #alias(alias: Node, path: KeyPath): Tree {
    const target = this.#target(alias, path);
    return target === undefined ? null : this.read(target, path);
  }

  /** The name of an unknown alias is not told: an unquoted secret may begin with an asterisk. */
  #target(alias: Node, path: KeyPath): Node | undefined {
    const target = this.targets.get(alias);
    if (target && !this.#open.has(target)) return target;
    const message = target
      ? "an alias (*name) stands inside of what it names"
      : "an alias (*name) names no anchor before it; put quotes around the value if it is none";
    this.#problem(this.#placeOf(alias), path, message);
    return undefined;
  }

  #map(map: YAMLMap, path: KeyPath): TreeMap {
    const result = newTreeMap();
    // The mapping's own keys win over merged ones, earlier merges over later ones.
    const merges = map.items.filter(({ key }) => this.#isMerge(key));
    for (const { value } of merges.reverse()) this.#merge(value, path, result);
    const place = this.#placeOf(map);
    if (place) this.places.setValue(path, place);
    const seen = new Map<string, Place | undefined>();
    for (const { key, value } of map.items) {
      if (this.#isMerge(key)) continue;
      const name = this.#keyText(key);
      const keyPlace = this.#placeOf(key);
      if (name === undefined) {
        this.#problem(keyPlace, path, "a key must be a word or a quoted text");
        continue;
      }
      const keyPath = [...path, name];
      if (seen.has(name)) {
        const first = seen.get(name)?.line ?? "?";
        this.#problem(keyPlace, keyPath, `the key is there twice, first on line ${first}`);
        continue;
      }
      seen.set(name, keyPlace);
      if (keyPlace) this.places.setKey(keyPath, keyPlace);
      result[name] = this.read(value, keyPath);
    }
    return result;
  }

  #isMerge(key: unknown): boolean {
    return isScalar(key) && key.type === "PLAIN" && key.source === "<<";
  }

  #merge(node: unknown, path: KeyPath, into: TreeMap): void {
    const source = isAlias(node) ? this.#target(node, path) : node;
    if (isMap(source)) {
      const values = this.read(source, path);
      if (isTreeMap(values)) Object.assign(into, values);
    } else if (isSeq(source)) {
      for (const item of source.items.toReversed()) this.#merge(item, path, into);
    } else if (source !== undefined) {
      this.#problem(this.#placeOf(node), path, "a merge key (<<) needs an alias of a mapping");
    }
  }

  #problem(place: Place | undefined, path: KeyPath, message: string): void {
    this.problems.push({ place, path, message });
  }

  #keyText(key: unknown): string | undefined {
    const node = isAlias(key) ? this.targets.get(key) : key;
    return isScalar(node) ? node.source ?? String(node.value) : undefined;
  }

  #placeOf(node: unknown): Place | undefined {
    const range = (node as ParsedNode | null | undefined)?.range;
    return range ? this.placeAt(range[0]) : undefined;
  }
}
