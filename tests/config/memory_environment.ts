/**
 * Files and variables that exist only in a test.
 *
 * @module
 */
import { COLLECTOR_SECTIONS } from "../../src/collectors/sections.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { ConfigEnvironment } from "../../src/config/environment.ts";
import { ConfigError, type ConfigIssue } from "../../src/config/errors.ts";
import type { LoadedConfig } from "../../src/config/types.ts";

/** What there is. */
export interface MemoryWorld {
  /** Contents by absolute path; an error is thrown by reading. */
  readonly files?: Readonly<Record<string, string | Error>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Makes an environment of these files and variables; the working directory is `/work-dir`. */
export function memoryEnvironment(world: MemoryWorld = {}): ConfigEnvironment {
  const { files = {}, variables = {}, cwd = "/work-dir" } = world;
  return {
    get: (name) => Object.hasOwn(variables, name) ? variables[name] : undefined,
    readTextFile: (path) => {
      const content = Object.hasOwn(files, path) ? files[path] : undefined;
      if (content === undefined) return Promise.reject(new Deno.errors.NotFound("no such file"));
      return content instanceof Error ? Promise.reject(content) : Promise.resolve(content);
    },
    cwd,
  };
}

/** Loads this text as `/etc/nbu/config.yaml`. */
export function loadText(text: string, world: MemoryWorld = {}): Promise<LoadedConfig> {
  const files = { ...world.files, "/etc/nbu/config.yaml": text };
  return loadConfig(
    "/etc/nbu/config.yaml",
    memoryEnvironment({ ...world, files }),
    COLLECTOR_SECTIONS,
  );
}

/** The error that loading this text throws. */
export async function loadError(text: string, world: MemoryWorld = {}): Promise<ConfigError> {
  try {
    await loadText(text, world);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

/** The problems of this text, as `line:column key: message`. */
export async function problems(text: string, world: MemoryWorld = {}): Promise<string[]> {
  const { issues } = await loadError(text, world);
  return issues.map(({ line, column, key, message }: ConfigIssue) =>
    `${line}:${column} ${key ?? ""}: ${message}`
  );
}

/** A configuration of one site with these further lines in the site, and these at the top. */
export function siteText(
  siteLines: readonly string[] = [],
  topLines: readonly string[] = [],
): string {
  return [
    ...topLines,
    "nbuservers:",
    "  - site: paris",
    ...siteLines.map((line) => `    ${line}`),
    ...(siteLines.some((line) => line.startsWith("host:")) ? [] : ["    host: nbu.example.com"]),
    ...(siteLines.some((line) => /^apiKey(File)?:/.test(line)) ? [] : ["    apiKey: k-1"]),
    "",
  ].join("\n");
}
