/**
 * Loads some of Node's modules when they are first used.
 *
 * @module
 */

/** `require` of CommonJS. */
export type Require = (id: string) => unknown;

/**
 * Packages require these when they are loaded, for what few starts do: a subcommand in a file of its
 * own, TLS. Loading them takes a tenth of a start.
 */
const RARELY_USED: ReadonlySet<string> = new Set([
  "node:child_process",
  "node:fs",
  "node:https",
  "node:tls",
]);

/** Makes a `require` that gives a stand-in for a module that is rarely used. */
export function lazyRequire(require: Require): Require {
  return (id) => RARELY_USED.has(id) ? standIn(() => objectOf(require(id))) : require(id);
}

/**
 * An object without members of its own that finds them in the module, for its heirs as well: what a
 * bundler makes of `import` inherits from a module and copies its own members, which would load it.
 */
function standIn(load: () => object): object {
  let module: object | undefined;
  const loaded = () => module ??= load();
  return Object.create(
    new Proxy({}, {
      get: (_, key) => Reflect.get(loaded(), key),
      has: (_, key) => Reflect.has(loaded(), key),
    }),
  );
}

function objectOf(value: unknown): object {
  if (typeof value === "object" && value !== null) return value;
  throw new TypeError("a module of Node's is no object");
}
