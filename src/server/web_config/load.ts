/**
 * Loads a web configuration file: read, YAML, schema, what Deno cannot do, named files.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import * as v from "valibot";
import { Secret } from "../../base/secret.ts";
import { ConfigError } from "../../config/errors.ts";
import { type ConfigEnvironment, readFault } from "../../config/file/environment.ts";
import { FileReader } from "../../config/file/reader.ts";
import { readYaml } from "../../config/file/yaml.ts";
import { NO_PLACES, type Places } from "../../config/file/yaml_places.ts";
import { IssueCollector } from "../../config/issues.ts";
import type { KeyPath } from "../../config/key_path.ts";
import { isTreeMap, newTreeMap, type Tree, treeAt } from "../../config/tree.ts";
import { addSchemaIssues } from "./schema_issues.ts";
import { type ValidWebConfig, webConfigSchema } from "./schema.ts";
import { readTlsSettings } from "./tls_settings.ts";
import type { LoadedWebConfig, RateLimit, TlsSettings, WebConfig } from "./types.ts";
import { refuseUnsupported } from "./unsupported.ts";

/**
 * Loads and checks a web configuration.
 *
 * @param file Path of the file; relative ones start from `environment.cwd`.
 * @param signal Ends the loading at once, also while a file system hangs.
 * @throws {ConfigError} With every problem there is, each with its line and key.
 * @throws The reason of the signal.
 */
export async function loadWebConfig(
  file: string,
  environment: Pick<ConfigEnvironment, "readTextFile" | "cwd">,
  signal?: AbortSignal,
): Promise<LoadedWebConfig> {
  const reader = new FileReader(environment, signal);
  const path = resolve(environment.cwd, file);
  const { tree, places, issues } = await readSource(file, path, reader);
  const config = issues.count > 0
    ? undefined
    : await check(tree, places, issues, { folder: dirname(path), reader });
  // What was read until then is of no use; that the rest is missing is no problem of the file.
  signal?.throwIfAborted();
  const context = { files: reader.paths, fingerprints: await reader.fingerprints() };
  if (!config || issues.count > 0) throw new ConfigError(issues.sorted(), context);
  return { config, ...context };
}

interface Source {
  readonly tree: Tree;
  readonly places: Places;
  readonly issues: IssueCollector;
}

async function readSource(file: string, path: string, reader: FileReader): Promise<Source> {
  try {
    const { tree, places, problems, secondDocument } = readYaml(await reader.read(path));
    const issues = new IssueCollector(file, places);
    for (const { path, place, message } of problems) issues.add(path, { message }, place);
    if (secondDocument) {
      issues.add([], { message: "only one document may be in the file" }, secondDocument);
    }
    // An empty file is one without settings.
    return { tree: tree ?? newTreeMap(), places, issues };
  } catch (error) {
    const issues = new IssueCollector(file);
    issues.add([], { message: `cannot read the web configuration: ${readFault(error)}` });
    return { tree: null, places: NO_PLACES, issues };
  }
}

async function check(
  tree: Tree,
  places: Places,
  issues: IssueCollector,
  { folder, reader }: { readonly folder: string; readonly reader: FileReader },
): Promise<WebConfig | undefined> {
  checkSections(tree, issues);
  if (issues.count > 0) return undefined;
  const result = v.safeParse(webConfigSchema, withoutNulls(tree));
  if (!result.success) {
    addSchemaIssues(result.issues, tree, places, issues);
    return undefined;
  }
  const valid = result.output;
  checkUsers(tree, valid, issues);
  refuseUnsupported(valid, issues);
  const section = valid.tls_server_config;
  const tls = section && isTreeMap(tree) && hasKeys(tree.tls_server_config)
    ? await readTlsSettings(section, { folder, reader, issues })
    : undefined;
  return buildWebConfig(valid, tls, rateLimitOf(valid, issues));
}

const SECTIONS: readonly KeyPath[] = [
  [],
  ["tls_server_config"],
  ["http_server_config"],
  ["http_server_config", "headers"],
  ["basic_auth_users"],
  ["rate_limit"],
];

/** Valibot takes a list for a mapping. */
function checkSections(tree: Tree, issues: IssueCollector): void {
  for (const path of SECTIONS) {
    if (Array.isArray(treeAt(tree, path))) issues.addFound(path, "a list", "a mapping");
  }
}

/** Valibot leaves out a few names: without their only user, everyone could read. */
function checkUsers(
  tree: Tree,
  { basic_auth_users }: ValidWebConfig,
  issues: IssueCollector,
): void {
  const section = treeAt(tree, ["basic_auth_users"]);
  for (const user of Object.keys(isTreeMap(section) ? section : {})) {
    if (Object.hasOwn(basic_auth_users, user)) continue;
    issues.add(["basic_auth_users", user], {
      message: "cannot be used: the user has no hash, or a name that is reserved",
    });
  }
}

function buildWebConfig(
  { http_server_config: { headers }, basic_auth_users: users }: ValidWebConfig,
  tls: TlsSettings | undefined,
  rateLimit: RateLimit | undefined,
): WebConfig {
  return {
    tls,
    headers: new Map(Object.entries(headers).filter(([, value]) => value !== "")),
    users: new Map(Object.entries(users).map(([user, hash]) => [user, new Secret(hash)])),
    rateLimit,
  };
}

function rateLimitOf({ rate_limit }: ValidWebConfig, issues: IssueCollector) {
  const { interval = 0, burst = 0 } = rate_limit ?? {};
  if (interval === 0) return undefined;
  if (burst === 0) {
    issues.add(["rate_limit", "burst"], {
      message: "must be 1 or more: otherwise no request is ever answered",
    });
  }
  return { intervalMs: interval, burst };
}

function hasKeys(tree: Tree | undefined): boolean {
  return isTreeMap(tree) && Object.values(tree).some((value) => value !== null);
}

/** A key without a value is a key that is not there. */
function withoutNulls(tree: Tree): Tree {
  if (!isTreeMap(tree)) return tree;
  const result = newTreeMap();
  for (const [name, value] of Object.entries(tree)) {
    if (value !== null && value !== undefined) result[name] = withoutNulls(value);
  }
  return result;
}
