/**
 * Filters on the values of a label, for the options of collectors.
 *
 * @module
 */
import * as v from "valibot";
import { key } from "../../config/schema/keys.ts";
import { visibleText } from "../../config/schema/leaves.ts";

/** Decides on the values of one label. */
export interface LabelFilter {
  /** Whether series with this value are wanted. */
  allows(value: string): boolean;
}

/**
 * The schema of a filter: a mapping of two lists, `include` and `exclude`, of exact names or globs
 * (`*` any text, `?` any character). What is excluded is left out; of the rest, what is included is
 * taken, all of it where nothing is named.
 *
 * @param what The values, in plural: `clients`.
 * @example
 * ```ts
 * // In a declaration: `options: { units: labelFilter("storage units") }`. In the configuration:
 * // `units: { include: ["msdp-*"], exclude: ["msdp-test"] }`. In a run:
 * const wanted = (options: { readonly units: LabelFilter }, unit: string) =>
 *   options.units.allows(unit);
 * ```
 */
export function labelFilter(what: string): v.GenericSchema<unknown, LabelFilter> {
  const names = (description: string) =>
    v.optional(
      key(v.array(visibleText(`the name of one of the ${what}, or a glob`), "a list"), description),
      [],
    );
  return v.pipe(
    v.optional(
      v.object({
        include: names(`Names or globs of the ${what} to include; all unless given.`),
        exclude: names(`Names or globs of the ${what} to leave out.`),
      }, "a mapping"),
      {},
    ),
    v.transform(({ include, exclude }) => makeLabelFilter(include, exclude)),
  );
}

/**
 * Makes a filter.
 *
 * @param include Names or globs; an empty list includes everything.
 * @param exclude Names or globs, which win over `include`.
 */
export function makeLabelFilter(
  include: readonly string[],
  exclude: readonly string[],
): LabelFilter {
  const included = matcher(include);
  const excluded = matcher(exclude);
  return {
    allows: (value) => !excluded(value) && (include.length === 0 || included(value)),
  };
}

function matcher(patterns: readonly string[]): (value: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !/[*?]/.test(pattern)));
  const globs = patterns.filter((pattern) => !exact.has(pattern)).map(globExpression);
  return (value) => exact.has(value) || globs.some((glob) => glob.test(value));
}

/**
 * A glob as an expression. Libraries for globs know folders, braces and classes: in the names of
 * clients and policies these are ordinary characters.
 */
function globExpression(glob: string): RegExp {
  const parts = [...glob.replaceAll(/\*+/g, "*")].map((character) => {
    if (character === "*") return ".*";
    return character === "?" ? "." : RegExp.escape(character);
  });
  return new RegExp(`^${parts.join("")}$`, "su");
}
