/**
 * YAML to a tree of texts with the place of every key and value.
 *
 * Everything stays the text that was written: YAML's `core` schema would read `010` as 10 and
 * `14.0` as 14, its `failsafe` schema knows texts only. Anchors, aliases and merge keys (`<<`)
 * work; what they expand to is limited.
 *
 * @module
 */
import { type Document, isScalar, LineCounter, parseAllDocuments, type ParsedNode } from "yaml";
import type { KeyPath } from "../key_path.ts";
import { newTreeMap, type Tree } from "../tree.ts";
import { checkYaml, type YamlProblem } from "./yaml_check.ts";
import { yamlFault } from "./yaml_messages.ts";
import { NO_PLACES, type Place, type Places, YamlPlaces } from "./yaml_places.ts";

/** What reading a YAML text gives. */
export interface YamlContent {
  /** Undefined when there is nothing to go on with. */
  readonly tree: Tree | undefined;
  readonly places: Places;
  readonly problems: readonly YamlProblem[];
  /** Where a second document begins, which is not read. */
  readonly secondDocument: Place | undefined;
}

/** More values than this, aliases expanded, are no configuration but an attack or an accident. */
const MAX_NODES = 20_000;
const MAX_DEPTH = 32;
/** Aliases of one anchor, those inside of what it names multiplied. */
const MAX_ALIASES = 1000;

const TOO_MUCH = "too many values, or values nested too deeply; check the aliases";

/**
 * The library's build for Node prints every token, keys included, to standard output while one of
 * these is set.
 */
const DEBUG_VARIABLES = ["LOG_TOKENS", "LOG_STREAM"] as const;

/** The library reads them, and a program that may not know whether they are set must not run it. */
const NO_ENVIRONMENT = `no YAML can be read: Deno was started without --allow-env for ${
  DEBUG_VARIABLES.join(" and ")
}`;

/** Reads the first document of a YAML text. Never throws: what is wrong is in `problems`. */
export function readYaml(text: string): YamlContent {
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  let documents: readonly Document.Parsed[];
  try {
    documents = parse(text, lines);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) {
      return broken({ place: undefined, path: [], message: NO_ENVIRONMENT });
    }
    // The parser recurses: thousands of nested brackets overflow its stack.
    const reason = cause instanceof RangeError ? "it is nested too deeply" : "it cannot be read";
    return broken({ place: undefined, path: [], message: `not valid YAML: ${reason}` });
  }
  const [document, ...others] = documents;
  if (!document) return { ...NOTHING, tree: null };
  const [first] = document.errors;
  if (first) {
    // One mistake makes the parser stumble over all that follows: only the first error means something.
    const { offset, message } = yamlFault(first.code, first.pos[0], text);
    return broken({ place: placeAt(offset), path: [], message });
  }

  const places = new YamlPlaces(document, placeAt);
  const { problems, usable } = checkYaml(document, placeAt);
  const second = others.find(({ contents }) => !isNothing(contents))?.range?.[0];
  const content = {
    places,
    problems,
    secondDocument: second === undefined ? undefined : placeAt(second),
  };
  if (!usable) return { ...content, tree: undefined };
  try {
    return { ...content, tree: treeOf(document.toJS({ maxAliasCount: MAX_ALIASES })) };
  } catch (error) {
    // The library refuses alias bombs with a ReferenceError.
    const path = error instanceof TooMuch ? error.path : [];
    const tooMuch = { place: places.value(path), path, message: TOO_MUCH };
    return { ...content, problems: [...problems, tooMuch], tree: undefined };
  }
}

const NOTHING: Omit<YamlContent, "tree"> = {
  places: NO_PLACES,
  problems: [],
  secondDocument: undefined,
};

function isNothing(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function broken(problem: YamlProblem): YamlContent {
  return { ...NOTHING, tree: undefined, problems: [problem] };
}

function parse(text: string, lineCounter: LineCounter): readonly Document.Parsed<ParsedNode>[] {
  for (const name of DEBUG_VARIABLES) Deno.env.delete(name);
  return [...parseAllDocuments(text, {
    schema: "failsafe",
    customTags: ["null"],
    merge: true,
    lineCounter,
    prettyErrors: false,
    // Told by checkYaml() with both lines.
    uniqueKeys: false,
    logLevel: "silent",
  })];
}

class TooMuch extends Error {
  constructor(readonly path: KeyPath) {
    super(TOO_MUCH);
  }
}

/** What the library gave, as a tree: its objects have a prototype, and its types say `any`. */
function treeOf(value: unknown): Tree {
  let nodes = 0;
  const convert = (value: unknown, path: KeyPath): Tree => {
    nodes += 1;
    if (nodes > MAX_NODES || path.length > MAX_DEPTH) throw new TooMuch(path);
    if (value === null || value === undefined) return null;
    if (Array.isArray(value)) return value.map((item, index) => convert(item, [...path, index]));
    if (typeof value !== "object") return String(value);
    const map = newTreeMap();
    for (const [name, inner] of Object.entries(value)) map[name] = convert(inner, [...path, name]);
    return map;
  };
  return convert(value, []);
}
