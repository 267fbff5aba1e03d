/**
 * `${NAME}` in values.
 *
 * @module
 */

/** Value of an environment variable; undefined if it is not set. */
export type VariableLookup = (name: string) => string | undefined;

/** A text with its variables put in. */
export interface Interpolated {
  readonly text: string;
  /** Names of the variables in it, each once. */
  readonly names: readonly string[];
  /** Those of them that are not set. */
  readonly missing: readonly string[];
}

/**
 * Replaces each `${NAME}` by the variable's value. What comes in is never looked at again, so a
 * value cannot refer to another variable. Everything else, `$NAME` and `${NAME:-x}` too, stays as
 * it is. A variable that is set to nothing is set.
 */
export function interpolate(text: string, lookup: VariableLookup): Interpolated {
  const names = new Set<string>();
  const missing = new Set<string>();
  const replaced = text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (written, name: string) => {
    names.add(name);
    const value = lookup(name);
    if (value !== undefined) return value;
    missing.add(name);
    return written;
  });
  return { text: replaced, names: [...names], missing: [...missing] };
}
