/**
 * What differs between two configurations in effect, as `effectiveConfig` writes them.
 *
 * @module
 */
import { parse } from "yaml";

/** One difference. Both sides are as in the file; secrets are `[redacted]` on either. */
export interface EffectiveChange {
  /** Key path, `server.port`; a site is named, not numbered: `nbuservers[berlin].timeout`. */
  readonly key: string;
  /** Undefined where it is new. */
  readonly before: string | undefined;
  /** Undefined where it is gone. */
  readonly after: string | undefined;
}

/** The list whose entries have a name. */
const SITES = "nbuservers";

/**
 * Compares two texts. Where a site or a block is on one side only, it is one difference, without its
 * values.
 *
 * @throws TypeError When one of them is no mapping in YAML.
 */
export function effectiveChanges(running: string, next: string): readonly EffectiveChange[] {
  return compare("", treeOf(running), treeOf(next));
}

type Mapping = Readonly<Record<string, unknown>>;

function treeOf(text: string): Mapping {
  const tree: unknown = parse(text);
  if (!isMapping(tree)) throw new TypeError("it is no mapping in YAML");
  return SITES in tree ? { ...tree, [SITES]: named(tree[SITES]) } : tree;
}

/** The sites by their names. */
function named(sites: unknown): Mapping {
  if (!Array.isArray(sites)) throw new TypeError(`"${SITES}" is no list`);
  return Object.fromEntries(sites.map((site: unknown): [string, unknown] => {
    if (!isMapping(site)) throw new TypeError(`"${SITES}" has an entry that is no mapping`);
    return [String(site["site"]), site];
  }));
}

function compare(path: string, before: Mapping, after: Mapping): readonly EffectiveChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key): readonly EffectiveChange[] => {
    const [old, next] = [before[key], after[key]];
    const place = path === SITES ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    if (isMapping(old) && isMapping(next)) return compare(place, old, next);
    const change = { key: place, before: textOf(old), after: textOf(next) };
    return change.before === change.after ? [] : [change];
  });
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return isMapping(value) ? "{…}" : typeof value === "string" ? value : JSON.stringify(value);
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
