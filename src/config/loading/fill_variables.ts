/**
 * Puts the environment's variables into the values of the configuration, and knows afterwards how
 * to show a value without showing a secret.
 *
 * @module
 */
import { REDACTED } from "../../base/secret.ts";
import type { Dotenv } from "../file/dotenv.ts";
import { interpolate } from "../file/interpolate.ts";
import type { IssueCollector } from "../issues.ts";
import { formatKeyPath, type KeyPath } from "../key_path.ts";
import type { TreeLeaf, WalkResult } from "../schema/walk.ts";
import { isTreeMap, newTreeMap, type Tree, treeAt } from "../tree.ts";

const MAX_SHOWN_LENGTH = 80;

/** The configuration with its variables put in. */
export interface Filled {
  readonly tree: Tree | undefined;
  /** Values without those that lack a variable. */
  readonly leaves: readonly TreeLeaf[];
  /** True for a value that lacks a variable. */
  readonly incomplete: (path: KeyPath) => boolean;
  /** What stands at a path, ready to print: never a secret. */
  readonly found: (path: KeyPath) => string;
}

/**
 * Replaces `${NAME}` in every known value; each value that lacks a variable is one issue that names
 * all it lacks.
 */
export function fillVariables(walked: WalkResult, dotenv: Dotenv, issues: IssueCollector): Filled {
  const texts = new Map<string, { text: string; names: readonly string[]; secret: boolean }>();
  const lacking = new Set<string>();
  const leaves: TreeLeaf[] = [];
  for (const leaf of walked.leaves) {
    const key = formatKeyPath(leaf.path);
    const { text, names, missing } = interpolate(leaf.text, dotenv.lookup);
    const secret = leaf.notes.secret ?? false;
    texts.set(key, { text, names, secret });
    if (missing.length === 0) {
      leaves.push({ ...leaf, text });
      continue;
    }
    lacking.add(key);
    const found = secret || mayBeCredentials(leaf.text) ? REDACTED : quote(leaf.text);
    const one = missing.length === 1;
    const list = missing.map((name) => `"${name}"`).join(", ");
    const notes = dotenv.unusable.map((note) => ` (${note})`).join("");
    issues.add(leaf.path, {
      message:
        `environment ${one ? "variable" : "variables"} ${list} ${one ? "is" : "are"} not set; ` +
        `set ${one ? "it" : "them"} or use a .env file${notes}`,
      found,
      expected: `environment ${one ? "variable" : "variables"} ${list} to be set`,
    });
  }

  const fill = (tree: Tree | undefined, path: KeyPath): Tree | undefined => {
    if (typeof tree === "string") return texts.get(formatKeyPath(path))?.text ?? tree;
    if (Array.isArray(tree)) return tree.map((item, index) => fill(item, [...path, index]) ?? null);
    if (!isTreeMap(tree)) return tree;
    const result = newTreeMap();
    for (const [name, value] of Object.entries(tree)) result[name] = fill(value, [...path, name]);
    return result;
  };
  const tree = fill(walked.tree, []);

  const found = (path: KeyPath): string => {
    const value = treeAt(walked.original, path);
    if (value === undefined || value === null) return "nothing";
    if (Array.isArray(value)) return "a list";
    if (isTreeMap(value)) return "a mapping";
    const leaf = texts.get(formatKeyPath(path));
    // Not shown: whoever names a key file as configuration must not find the key in the log.
    if (!leaf) return "a single value";
    if (leaf.secret) return REDACTED;
    if (leaf.names.length === 0) return mayBeCredentials(leaf.text) ? REDACTED : quote(leaf.text);
    // Variables are where secrets come from, whatever they are called.
    return `${REDACTED} (from ${leaf.names.map((name) => `\${${name}}`).join(", ")})`;
  };
  return { tree, leaves, found, incomplete: (path) => lacking.has(formatKeyPath(path)) };
}

/** A user name with a password, or a key that got into the wrong place by mistake. */
function mayBeCredentials(text: string): boolean {
  return text.includes("@") || /(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{24,}/.test(text);
}

function quote(text: string): string {
  return JSON.stringify(
    text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text,
  );
}
