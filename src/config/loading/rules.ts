/**
 * Rules about several values taken together.
 *
 * @module
 */
import type { IssueCollector } from "../issues.ts";
import type { KeyPath } from "../key_path.ts";
import { parseDuration } from "../schema/duration.ts";
import { DEFAULT_WAITS } from "../schema/site_schema.ts";
import { isTreeMap, treeAt } from "../tree.ts";
import type { Filled } from "./fill_variables.ts";

/** Checks that there is a site, and that no two have one name. */
export function siteRules(filled: Filled, issues: IssueCollector): void {
  const list = treeAt(filled.tree, ["nbuservers"]);
  const single = treeAt(filled.tree, ["nbuserver"]);
  const empty = list === undefined || (Array.isArray(list) && list.length === 0);
  if (isTreeMap(filled.tree) && empty && single === undefined) {
    const found = list === undefined ? "nothing" : "an empty list";
    issues.addFound(["nbuservers"], found, "at least one NetBackup primary server");
  }
  if (!Array.isArray(list)) return;
  const firsts = new Map<string, number>();
  list.forEach((site, index) => {
    const name = isTreeMap(site) ? site.site : undefined;
    const path = ["nbuservers", index, "site"];
    if (typeof name !== "string" || issues.has(path)) return;
    const first = firsts.get(name);
    if (first === undefined) {
      firsts.set(name, index);
      return;
    }
    const line = issues.lineOf(["nbuservers", first, "site"]);
    const where = `nbuservers[${first}].site${line === undefined ? "" : ` on line ${line}`}`;
    issues.addFound(
      path,
      filled.found(path),
      "a name that no other site has",
      `${where} is the same`,
    );
  });
}

/** Checks of each site that its retries have a shortest wait below the longest. */
export function retryRules(filled: Filled, issues: IssueCollector): void {
  const list = treeAt(filled.tree, ["nbuservers"]);
  const sites: KeyPath[] = Array.isArray(list) ? list.map((_, index) => ["nbuservers", index]) : [];
  for (const site of [...sites, ["nbuserver"]]) {
    const min = wait(filled, issues, [...site, "retry", "minWait"], DEFAULT_WAITS.minWait);
    const max = wait(filled, issues, [...site, "retry", "maxWait"], DEFAULT_WAITS.maxWait);
    if (min === undefined || max === undefined || min.milliseconds <= max.milliseconds) continue;
    // The one that stands in the file is at fault; where both do, the first.
    const { path, expected } = min.isSet
      ? {
        path: min.path,
        expected: `not above retry.maxWait (${DEFAULT_WAITS.maxWait} unless set)`,
      }
      : {
        path: max.path,
        expected: `not below retry.minWait (${DEFAULT_WAITS.minWait} unless set)`,
      };
    issues.addFound(path, filled.found(path), `a duration that is ${expected}`);
  }
}

/** A duration of the file or its default; undefined where it is at fault already. */
function wait(filled: Filled, issues: IssueCollector, path: KeyPath, byDefault: string) {
  if (issues.has(path) || filled.incomplete(path)) return undefined;
  const text = treeAt(filled.tree, path);
  const isSet = typeof text === "string";
  return { path, isSet, milliseconds: parseDuration(isSet ? text.trim() : byDefault) };
}
