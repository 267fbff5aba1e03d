/**
 * Words for what the schema of the web configuration finds.
 *
 * @module
 */
import type * as v from "valibot";
import { REDACTED } from "../../base/secret.ts";
import type { Places } from "../../config/file/yaml_places.ts";
import type { IssueCollector } from "../../config/issues.ts";
import { formatKeyPath, type KeyPath } from "../../config/key_path.ts";
import { nearest } from "../../config/schema/nearest.ts";
import { isTreeMap, type Tree, treeAt } from "../../config/tree.ts";
import { UNKNOWN_KEY, webConfigSchema } from "./schema.ts";
import { shapeOf } from "../../config/schema/schema_shape.ts";

/** Keys whose values are never shown. */
const SECRET = /^(basic_auth_users\b|tls_server_config\.(cert|key|client_ca)$)/;

const MAX_SHOWN_LENGTH = 80;

/** Adds each issue of the schema with its place. */
export function addSchemaIssues(
  found: readonly v.BaseIssue<unknown>[],
  tree: Tree,
  places: Places,
  issues: IssueCollector,
): void {
  for (const { path: items = [], message } of found) {
    const path = items.map(({ key }) => typeof key === "number" ? key : String(key));
    if (message === UNKNOWN_KEY) {
      const meant = nearest(String(path.at(-1)), knownKeys(path.slice(0, -1)));
      const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
      issues.add(path, { message: `${UNKNOWN_KEY}${hint}` }, places.key(path));
    } else {
      issues.addFound(path, show(path, treeAt(tree, path)), message);
    }
  }
}

/** Keys that the format has in a section. */
function knownKeys(section: KeyPath): readonly string[] {
  let shape = shapeOf(webConfigSchema);
  for (const name of section) {
    const entry = shape.kind === "section" ? shape.entries.get(String(name)) : undefined;
    if (!entry) return [];
    shape = shapeOf(entry);
  }
  return shape.kind === "section" ? [...shape.entries.keys()] : [];
}

function show(path: KeyPath, value: Tree | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isTreeMap(value)) return "a mapping";
  if (SECRET.test(formatKeyPath(path))) return REDACTED;
  // Whoever names a password file as configuration must not find the password in the log.
  if (path.length < 2) return "a single value";
  return JSON.stringify(value.length > MAX_SHOWN_LENGTH ? `${value.slice(0, 80)}…` : value);
}
