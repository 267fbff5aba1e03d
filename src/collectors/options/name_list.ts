/**
 * Lists of names in the options of collectors, of which an empty one means nothing at all.
 *
 * @module
 */
import * as v from "valibot";
import { key } from "../../config/schema/keys.ts";
import { visibleText } from "../../config/schema/leaves.ts";
import { makeLabelFilter } from "./label_filter.ts";

/** Names that are wanted. */
export interface NameList {
  /** Those that are named exactly. */
  readonly exact: readonly string[];
  /** Whether there are globs among them. */
  readonly hasGlobs: boolean;
  /** Whether a name is wanted. */
  allows(name: string): boolean;
}

/**
 * The schema of a list of exact names and globs (`*` any text, `?` any character).
 *
 * @param what One of those named: `client`.
 * @param description Of the key, for the reference of the configuration.
 */
export function nameList(what: string, description: string): v.GenericSchema<unknown, NameList> {
  const name = visibleText(`the name of a ${what}, or a glob`);
  return v.pipe(
    v.optional(key(v.array(name, `a list of ${what} names`), description), []),
    v.transform((names) => makeNameList(names)),
  );
}

/** Makes a list of exact names and globs. */
function makeNameList(names: readonly string[]): NameList {
  const exact = names.filter((name) => !/[*?]/.test(name));
  // A filter without names allows everything.
  const { allows } = makeLabelFilter(names, []);
  return {
    exact,
    hasGlobs: exact.length < names.length,
    allows: (name) => names.length > 0 && allows(name),
  };
}
