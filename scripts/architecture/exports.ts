/**
 * Values that are exported though no other file imports them.
 *
 * @module
 */
import { posix } from "node:path";

/** What a file exports and imports, by name. */
export interface ModuleNames {
  /** Path relative to the root of the repository. */
  readonly path: string;
  /** Values that it declares and exports. Types cost nothing and often only document a parameter. */
  readonly exported: readonly string[];
  readonly imported: readonly ImportedNames[];
}

interface ImportedNames {
  /** Path relative to the root of the repository. */
  readonly from: string;
  /** Undefined = whatever that file exports. */
  readonly names: readonly string[] | undefined;
  /** `export * from`: only what is imported from the file itself counts. */
  readonly passedOn: boolean;
}

const DECLARATION =
  /^export (?:const|let|(?:async )?function\*?|(?:abstract )?class|enum) (?<name>[\w$]+)/gm;
const STATIC = /^(?<word>import|export) (?<clause>[^;"']*?) from "(?<target>\.[^"]+)";/gm;
const DYNAMIC = /(?:(?<clause>\{[^{}]*\}) = )?await import\("(?<target>\.[^"]+)"\)/g;

/**
 * Reads what a file exports and imports from other files of the repository.
 *
 * @param path Path relative to the root of the repository.
 * @param source Its text, formatted as `deno fmt` does: statements begin at the start of a line.
 */
export function namesOf(path: string, source: string): ModuleNames {
  const exported = [...source.matchAll(DECLARATION)].map(({ groups }) => groups?.name ?? "");
  const imported: ImportedNames[] = [];
  for (const { groups: { word, clause, target = "" } = {} } of source.matchAll(STATIC)) {
    const names = listed(clause);
    imported.push({
      from: resolve(path, target),
      names,
      passedOn: word === "export" && names === undefined,
    });
  }
  for (const { groups: { clause, target = "" } = {} } of source.matchAll(DYNAMIC)) {
    imported.push({ from: resolve(path, target), names: listed(clause), passedOn: false });
  }
  return { path, exported, imported };
}

/**
 * Finds the values that no other file imports.
 *
 * @returns One sentence for each, in the order of the files; empty when all is well.
 */
export function unusedExports(modules: readonly ModuleNames[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const used = new Set<string>();
  const use = (path: string, name: string) => {
    used.add(`${path} ${name}`);
    const passedOn = byPath.get(path)?.imported.filter(({ passedOn }) => passedOn) ?? [];
    for (const { from } of passedOn) use(from, name);
  };
  for (const { imported } of modules) {
    for (const { from, names, passedOn } of imported) {
      if (passedOn) continue;
      for (const name of names ?? byPath.get(from)?.exported ?? []) use(from, name);
    }
  }
  return modules.flatMap(({ path, exported }) =>
    exported.filter((name) => !used.has(`${path} ${name}`))
      .map((name) => `"${path}" exports ${name}, which no other file imports`)
  );
}

/** The names in `{ a, type B, c as d }`, as the other file has them; undefined without braces. */
function listed(clause: string | undefined): string[] | undefined {
  const inner = clause?.match(/\{([^}]*)\}/)?.[1];
  return inner?.split(",").map((part) =>
    part.trim().replace(/^type /, "").replace(/(?: as |:).*$/, "")
  ).filter((name) => name !== "");
}

function resolve(path: string, target: string): string {
  return posix.join(posix.dirname(path), target);
}
