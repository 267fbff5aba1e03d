/**
 * Loads a configuration file: read, YAML, variables, named files, schema, freeze.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { buildConfig } from "./build.ts";
import { readDotenv } from "./dotenv.ts";
import { type ConfigEnvironment, readFault } from "./environment.ts";
import { ConfigError } from "./errors.ts";
import { ABSENT, fingerprint } from "./fingerprint.ts";
import { deepFreeze } from "./freeze.ts";
import { fillVariables } from "./fill_variables.ts";
import { IssueCollector } from "./issues.ts";
import { readNamedFiles } from "./named_files.ts";
import { siteRules } from "./rules.ts";
import { type CollectorSection, makeConfigSchema } from "./schema.ts";
import type { LoadedConfig } from "./types.ts";
import { validate } from "./validate.ts";
import { walk } from "./walk.ts";
import { collectWarnings } from "./warnings.ts";
import { readYaml } from "./yaml.ts";

export { type ConfigEnvironment, systemEnvironment } from "./environment.ts";

/**
 * Loads, checks and completes a configuration.
 *
 * @param file Path of the configuration file; relative ones start from `env.cwd`.
 * @param env Variables and files.
 * @param sections What the collectors add to the configuration.
 * @returns The deep-frozen configuration, what its operator should know, and the files it came from.
 * @throws {ConfigError} With every problem there is.
 */
export async function loadConfig(
  file: string,
  env: ConfigEnvironment,
  sections: readonly CollectorSection[],
): Promise<LoadedConfig> {
  const schema = makeConfigSchema(sections);
  const reader = new Reader(env);
  const path = resolve(env.cwd, file);
  const folder = dirname(path);

  let text: string;
  try {
    text = await reader.read(path);
  } catch (cause) {
    const issues = new IssueCollector(file);
    issues.add([], { message: `cannot read the configuration: ${readFault(cause)}` });
    throw await reader.error(issues);
  }
  const yaml = readYaml(text);
  const issues = new IssueCollector(file, yaml.places);
  for (const { path, place, message } of yaml.problems) issues.add(path, { message }, place);
  if (yaml.tree === undefined) throw await reader.error(issues);
  if (yaml.tree === null) {
    if (yaml.problems.length === 0) issues.add([], { message: "the file is empty" });
    throw await reader.error(issues);
  }

  const dotenv = await readDotenv({
    cwd: env.cwd,
    configFolder: folder,
    get: env.get,
    readTextFile: (path) => reader.readOptional(path),
  });
  const walked = walk(schema, yaml.tree);
  const filled = fillVariables(walked, dotenv, issues);
  const files = await readNamedFiles(filled.leaves, folder, (path) => reader.read(path));
  for (const { path, reason, expected } of files.problems) {
    issues.addFound(path, filled.found(path), expected, reason);
  }
  const valid = validate(schema, filled, issues);
  siteRules(filled, issues);
  if (valid === undefined || issues.count > 0) throw await reader.error(issues);

  const config = buildConfig(valid, filled.tree, files);
  const warnings = collectWarnings(file, config, valid, walked, yaml.places);
  return deepFreeze<LoadedConfig>({
    config,
    warnings,
    files: reader.paths,
    fingerprints: await reader.fingerprints(),
  });
}

/** Reads files and remembers what was in them. */
class Reader {
  readonly #contents = new Map<string, string | undefined>();

  constructor(private readonly env: ConfigEnvironment) {}

  get paths(): readonly string[] {
    return [...this.#contents.keys()];
  }

  async read(path: string): Promise<string> {
    this.#contents.set(path, undefined);
    return await this.readOptional(path);
  }

  /** Like `read`, but a file that cannot be read is none of ours. */
  async readOptional(path: string): Promise<string> {
    const content = await this.env.readTextFile(path);
    this.#contents.set(path, content);
    return content;
  }

  async fingerprints(): Promise<ReadonlyMap<string, string>> {
    const digests = new Map<string, string>();
    for (const [path, content] of this.#contents) {
      digests.set(path, content === undefined ? ABSENT : await fingerprint(content));
    }
    return digests;
  }

  async error(issues: IssueCollector): Promise<ConfigError> {
    return new ConfigError(issues.sorted(), this.paths, await this.fingerprints());
  }
}
