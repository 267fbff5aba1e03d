/**
 * The module graph of the source tree, as Deno's own parser sees it: nothing is run.
 *
 * @module
 */
import * as v from "valibot";
import { ROOT } from "../command.ts";

/** What a file imports. Type-only and dynamic imports count like any other. */
export interface SourceFile {
  /** Path relative to the root of the repository. */
  readonly path: string;
  /** Files of the repository, as relative paths. */
  readonly files: readonly string[];
  /** npm packages, without version and path inside the package. */
  readonly packages: readonly string[];
}

const TARGET = v.object({ specifier: v.optional(v.string()), error: v.optional(v.string()) });

const GRAPH = v.object({
  redirects: v.record(v.string(), v.string()),
  modules: v.array(v.object({
    // "esm" is code; "asserted" is JSON, "npm" a package, "node" a part of the runtime.
    kind: v.optional(v.string()),
    specifier: v.string(),
    error: v.optional(v.string()),
    npmPackage: v.optional(v.string()),
    dependencies: v.optional(
      v.array(v.object({
        specifier: v.string(),
        code: v.optional(TARGET),
        type: v.optional(TARGET),
      })),
      [],
    ),
  })),
});

/**
 * Reads the imports of these files and of all files of the repository that they lead to.
 *
 * @param files Paths relative to the root of the repository.
 * @returns The files in the order of their paths.
 * @throws Error When `deno info` fails, or an import cannot be resolved.
 */
export async function readModuleGraph(files: readonly string[]): Promise<SourceFile[]> {
  const output = await describeModules(files);
  const { modules, redirects } = v.parse(GRAPH, JSON.parse(output));
  const packages = new Map(modules.map(({ specifier, npmPackage }) => [specifier, npmPackage]));
  const base = ROOT.href;
  const sources: SourceFile[] = [];
  for (const { kind, specifier, error, dependencies } of modules) {
    if (error) throw new Error(`"${specifier}" cannot be read: ${error}`);
    if (kind !== "esm" || !specifier.startsWith(base)) continue;
    const targets = dependencies.map(({ specifier: written, code, type }) => {
      const target = code?.specifier ?? type?.specifier;
      if (target) return target;
      const reason = code?.error ?? type?.error ?? "unknown";
      throw new Error(`the import of "${written}" in "${specifier}" does not resolve: ${reason}`);
    });
    const local = targets.filter((target) => target.startsWith(base));
    const external = targets.map((target) => packages.get(redirects[target] ?? target));
    sources.push({
      path: specifier.slice(base.length),
      files: sorted(local.map((target) => target.slice(base.length))),
      packages: sorted(external.filter((name) => name !== undefined).map(withoutVersion)),
    });
  }
  return sources.sort((a, b) => compare(a.path, b.path));
}

/** All TypeScript files of `src/`, and `main.ts`: also those that nobody imports. */
export async function sourceFiles(): Promise<string[]> {
  return ["main.ts", ...await filesIn("src/")].sort(compare);
}

/**
 * All TypeScript files of a folder and of those below it.
 *
 * @param folder Path relative to the root of the repository, with a slash at the end.
 * @returns Paths relative to the root of the repository.
 */
export async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) files.push(...await filesIn(`${folder}${name}/`));
    else if (name.endsWith(".ts")) files.push(`${folder}${name}`);
  }
  return files.sort(compare);
}

/** `deno info` takes one module: one that imports them all. */
async function describeModules(files: readonly string[]): Promise<string> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const imports = files.map((file) => `import ${JSON.stringify(new URL(file, ROOT).href)};\n`);
    await Deno.writeTextFile(entry, imports.join(""));
    const config = new URL("deno.json", ROOT).pathname;
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--frozen", "--config", config, entry],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    if (!success) throw new Error(`"deno info" failed: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  } finally {
    await Deno.remove(entry);
  }
}

function withoutVersion(name: string): string {
  return name.slice(0, name.indexOf("@", 1));
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
