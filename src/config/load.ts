/**
 * Loads a configuration file: read, YAML, variables, named files, schema, freeze.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { advise } from "./advise.ts";
import { buildConfig, type OwnPaths } from "./build.ts";
import { ConfigError } from "./errors.ts";
import { readDotenv } from "./file/dotenv.ts";
import { type ConfigEnvironment, readFault } from "./file/environment.ts";
import { readNamedFiles } from "./file/named_files.ts";
import {
  findLogFile,
  findStateDirectory,
  type OwnPath,
  type PathContext,
} from "./file/own_paths.ts";
import { FileReader } from "./file/reader.ts";
import { readYaml } from "./file/yaml.ts";
import { fillVariables } from "./fill_variables.ts";
import { deepFreeze } from "./freeze.ts";
import { IssueCollector } from "./issues.ts";
import type { KeyPath } from "./key_path.ts";
import { checkPermissions } from "./permissions.ts";
import { retryRules, siteRules } from "./rules.ts";
import { type CollectorSection, makeConfigSchema } from "./schema/schema.ts";
import { walk } from "./schema/walk.ts";
import type { LoadedConfig } from "./types.ts";
import { validate } from "./validate.ts";
import { WarningCollector, warnOfKeys } from "./warnings.ts";

export { type ConfigEnvironment, systemEnvironment } from "./file/environment.ts";

/**
 * Loads, checks and completes a configuration.
 *
 * @param file Path of the configuration file; relative ones start from `env.cwd`.
 * @param env Variables and files.
 * @param sections What the collectors add to the configuration.
 * @param signal Ends the loading at once, also while a file system hangs.
 * @returns The deep-frozen configuration, what its operator should know, and the files it came from.
 * @throws {ConfigError} With every problem there is.
 * @throws The reason of the signal.
 */
export async function loadConfig(
  file: string,
  env: ConfigEnvironment,
  sections: readonly CollectorSection[],
  signal?: AbortSignal,
): Promise<LoadedConfig> {
  const schema = makeConfigSchema(sections);
  const reader = new FileReader(env, signal);
  const path = resolve(env.cwd, file);
  const folder = dirname(path);
  const refuse = async (issues: IssueCollector, warnings?: WarningCollector) =>
    new ConfigError(issues.sorted(), {
      files: reader.paths,
      fingerprints: await reader.fingerprints(),
      warnings: warnings?.sorted() ?? [],
    });

  let text: string;
  try {
    if (file === "") throw new Error("no file is named");
    text = await reader.read(path);
  } catch (cause) {
    signal?.throwIfAborted();
    const issues = new IssueCollector(file === "" ? '""' : file);
    issues.add([], { message: `cannot read the configuration: ${readFault(cause)}` });
    throw await refuse(issues);
  }
  const yaml = readYaml(text);
  const issues = new IssueCollector(file, yaml.places);
  const warnings = new WarningCollector(file, yaml.places);
  for (const { path, place, message } of yaml.problems) issues.add(path, { message }, place);
  if (yaml.tree === undefined) throw await refuse(issues);
  if (yaml.tree === null) {
    if (yaml.problems.length === 0) issues.add([], { message: "the file is empty" });
    throw await refuse(issues);
  }
  if (yaml.secondDocument) {
    warnings.addAt(
      "ignored-key",
      yaml.secondDocument,
      "only the first document of the file is read",
    );
  }

  const dotenv = await readDotenv({
    cwd: env.cwd,
    configFolder: folder,
    get: env.get,
    readTextFile: (path) => reader.readOptional(path),
    signal,
  });
  const walked = walk(schema, yaml.tree);
  warnOfKeys(walked, warnings);
  for (const message of dotenv.unusable) warnings.add("doubtful", [], message);
  const filled = fillVariables(walked, dotenv, issues);
  const files = await readNamedFiles(filled.leaves, folder, (path) => reader.read(path), signal);
  for (const { path, reason, expected } of files.problems) {
    issues.addFound(path, filled.found(path), expected, reason);
  }
  const valid = validate(schema, filled, issues);
  siteRules(filled, issues);
  retryRules(filled, issues);

  const context: PathContext = { environment: env, folder, signal };
  const ownPath = async (
    key: KeyPath,
    name: string | undefined,
    find: (name: string, context: PathContext) => Promise<OwnPath>,
    expected: string,
  ) => {
    if (name === undefined) return undefined;
    const { path, instead, fault } = await find(name, context);
    if (fault !== undefined) issues.addFound(key, filled.found(key), expected, fault);
    if (instead !== undefined) {
      warnings.add(
        "doubtful",
        key,
        `${key.join(".")} starts from the folder of this file, but only ${path} exists and is ` +
          `used; move it to ${instead}, or write the whole path`,
      );
    }
    return path;
  };
  const own: OwnPaths = {
    logFile: await ownPath(
      ["server", "logName"],
      valid?.server.logName,
      findLogFile,
      "a file that can be written to",
    ),
    stateDirectory: await ownPath(
      ["state", "directory"],
      valid?.state.directory,
      findStateDirectory,
      "a directory",
    ),
  };
  if (valid === undefined || issues.count > 0) throw await refuse(issues, warnings);

  const config = buildConfig(valid, filled.tree, files, own);
  const isList = valid.nbuservers.length > 0;
  if (valid.nbuserver && isList) {
    const message = 'block "nbuserver" is not collected because "nbuservers" is there; remove it';
    warnings.add("ignored-key", ["nbuserver"], message);
  }
  const pathOf = (index: number): KeyPath => isList ? ["nbuservers", index] : ["nbuserver"];
  advise({ config, filled, files, pathOf, environment: env }, warnings);
  const { factsOf } = env;
  await checkPermissions(
    { configPath: path, written: walked.leaves, files, factsOf, signal },
    warnings,
  );
  return deepFreeze<LoadedConfig>({
    config,
    warnings: warnings.sorted(),
    files: reader.paths,
    fingerprints: await reader.fingerprints(),
  });
}
