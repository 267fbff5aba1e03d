/**
 * Loads a configuration file: read, YAML, variables, named files, schema, freeze.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { ConfigError } from "./errors.ts";
import { readDotenv } from "./file/dotenv.ts";
import { type ConfigEnvironment, readFault } from "./file/environment.ts";
import { readNamedFiles } from "./file/named_files.ts";
import { FileReader } from "./file/reader.ts";
import { UnusableFileError } from "./file/regular_file.ts";
import { readYaml } from "./file/yaml.ts";
import { IssueCollector } from "./issues.ts";
import { advise } from "./loading/advise.ts";
import { buildConfig } from "./loading/build.ts";
import { fillVariables } from "./loading/fill_variables.ts";
import { deepFreeze } from "./loading/freeze.ts";
import { resolveOwnPaths } from "./loading/own_paths.ts";
import { checkPermissions } from "./loading/permissions.ts";
import { retryRules, siteRules } from "./loading/rules.ts";
import { validate } from "./loading/validate.ts";
import { WarningCollector, warnOfKeys } from "./loading/warnings.ts";
import { type CollectorSection, makeConfigSchema } from "./schema/schema.ts";
import { walk } from "./schema/walk.ts";
import type { Tree } from "./tree.ts";
import type { LoadedConfig } from "./types.ts";

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
  const { tree, issues, warnings } = await readSource(file, path, reader, signal);

  const dotenv = await readDotenv({
    cwd: env.cwd,
    configFolder: folder,
    get: env.get,
    readTextFile: (path) => reader.readOptional(path),
    signal,
  });
  const walked = walk(schema, tree);
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

  const own = valid && await resolveOwnPaths(
    valid,
    { environment: env, folder, signal },
    { filled, issues, warnings },
  );
  if (!valid || !own || issues.count > 0) throw await refusal(reader, issues, warnings);

  const config = buildConfig(valid, filled.tree, files, own);
  advise({ config, valid, filled, files, sections, environment: env }, warnings);
  await checkPermissions(
    { configPath: path, written: walked.leaves, files, environment: env, signal },
    warnings,
  );
  return deepFreeze<LoadedConfig>({
    config,
    warnings: warnings.sorted(),
    files: reader.paths,
    fingerprints: await reader.fingerprints(),
  });
}

interface Source {
  readonly tree: Tree;
  readonly issues: IssueCollector;
  readonly warnings: WarningCollector;
}

/** Reads the file as far as it says anything at all. */
async function readSource(
  file: string,
  path: string,
  reader: FileReader,
  signal: AbortSignal | undefined,
): Promise<Source> {
  let text: string;
  try {
    if (file === "") throw new UnusableFileError("no file is named");
    text = await reader.read(path);
    if (text.includes("\0")) {
      throw new UnusableFileError("it contains NUL characters; save it as UTF-8 text");
    }
  } catch (cause) {
    signal?.throwIfAborted();
    const issues = new IssueCollector(file === "" ? '""' : file);
    issues.add([], { message: `cannot read the configuration: ${readFault(cause)}` });
    throw await refusal(reader, issues);
  }
  const { tree, places, problems, secondDocument } = readYaml(text);
  const issues = new IssueCollector(file, places);
  const warnings = new WarningCollector(file, places);
  for (const { path, place, message } of problems) issues.add(path, { message }, place);
  if (tree === null && issues.count === 0) issues.add([], { message: "the file is empty" });
  if (tree === undefined || tree === null) throw await refusal(reader, issues);
  if (secondDocument) {
    warnings.addAt("ignored-key", secondDocument, "only the first document of the file is read");
  }
  return { tree, issues, warnings };
}

async function refusal(
  reader: FileReader,
  issues: IssueCollector,
  warnings?: WarningCollector,
): Promise<ConfigError> {
  return new ConfigError(issues.sorted(), {
    files: reader.paths,
    fingerprints: await reader.fingerprints(),
    warnings: warnings?.sorted() ?? [],
  });
}
