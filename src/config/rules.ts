/**
 * Rules about the sites taken together.
 *
 * @module
 */
import type { Filled } from "./fill_variables.ts";
import type { IssueCollector } from "./issues.ts";
import { isTreeMap, treeAt } from "./tree.ts";

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
