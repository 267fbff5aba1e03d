/**
 * Loads all that the exporter is configured by: the configuration, and the web configuration beside
 * it. Either both are good or nothing changes.
 *
 * @module
 */
import { COLLECTOR_SECTIONS } from "../collectors/sections.ts";
import { ConfigError } from "../config/errors.ts";
import { type ConfigEnvironment, loadConfig } from "../config/load.ts";
import { type ConfigOverrides, overrideConfig } from "../config/overrides.ts";
import type { LoadedConfig } from "../config/types.ts";
import { loadWebConfig } from "../server/web_config/load.ts";
import { OPEN_WEB_CONFIG, type WebConfig } from "../server/web_config/types.ts";

/** Both configurations; the files are those of both. */
export interface Loaded extends LoadedConfig {
  readonly web: WebConfig;
}

/** The files to load. */
export interface ConfigFiles {
  readonly configFile: string;
  /** Absent or empty serves plain HTTP to everyone. */
  readonly webConfigFile?: string | undefined;
  /** What the command line says in place of the configuration file. */
  readonly overrides?: ConfigOverrides;
}

/**
 * Loads the files.
 *
 * @param signal Ends the loading at once: a file system may hang.
 * @throws {ConfigError} With the problems of the first of the two files that has any.
 */
export async function loadFiles(
  { configFile, webConfigFile, overrides = {} }: ConfigFiles,
  environment: ConfigEnvironment,
  signal?: AbortSignal,
): Promise<Loaded> {
  const loaded = overrideConfig(
    await loadConfig(configFile, environment, COLLECTOR_SECTIONS, signal),
    overrides,
  );
  if (!webConfigFile) return { ...loaded, web: OPEN_WEB_CONFIG };
  try {
    const { config: web, ...read } = await loadWebConfig(webConfigFile, environment, signal);
    return { ...loaded, web, ...joined(loaded, read) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.issues, joined(loaded, error));
  }
}

type ReadFiles = Pick<LoadedConfig, "files" | "fingerprints">;

function joined(a: ReadFiles, b: ReadFiles): ReadFiles {
  return {
    files: [...new Set([...a.files, ...b.files])],
    fingerprints: new Map([...a.fingerprints, ...b.fingerprints]),
  };
}
