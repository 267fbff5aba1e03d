/**
 * Runs the schema.
 *
 * @module
 */
import * as v from "valibot";
import type { IssueCollector } from "../issues.ts";
import type { KeyPath } from "../key_path.ts";
import type { makeConfigSchema, ValidConfig } from "../schema/schema.ts";
import type { Filled } from "./fill_variables.ts";

/**
 * Validates the whole tree and adds every problem to `issues`.
 *
 * @returns The values, or undefined if they are not valid.
 */
export function validate(
  schema: ReturnType<typeof makeConfigSchema>,
  filled: Filled,
  issues: IssueCollector,
): ValidConfig | undefined {
  const result = v.safeParse(schema, filled.tree);
  if (result.success) return result.output;
  for (const issue of result.issues) {
    const path = pathOf(issue);
    // What lacks a variable is told already.
    if (!filled.incomplete(path)) {
      issues.addFound(path, filled.found(path), issue.message);
    }
  }
  return undefined;
}

function pathOf(issue: v.BaseIssue<unknown>): KeyPath {
  return (issue.path ?? []).map(({ key }) => typeof key === "number" ? key : String(key));
}
