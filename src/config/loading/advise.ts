/**
 * Warns about settings that are valid but probably not intended, and about those that expose the
 * API key.
 *
 * @module
 */
import { isIP } from "node:net";
import type { ConfigEnvironment } from "../file/environment.ts";
import type { NamedFiles } from "../file/named_files.ts";
import { formatKeyPath, type KeyPath } from "../key_path.ts";
import { suspiciousApiKey } from "../schema/advice.ts";
import type { CollectorSection, ValidConfig } from "../schema/schema.ts";
import type { Config, SiteConfig } from "../types.ts";
import type { Filled } from "./fill_variables.ts";
import type { WarningCollector } from "./warnings.ts";

/** What the advice is about. */
export interface AdviceSubject {
  readonly config: Config;
  readonly valid: ValidConfig;
  readonly filled: Filled;
  readonly files: NamedFiles;
  /** What the collectors add to the configuration. */
  readonly sections: readonly CollectorSection[];
  readonly environment: Pick<ConfigEnvironment, "get">;
}

/** Adds a warning for everything that is doubtful. */
export function advise(subject: AdviceSubject, warnings: WarningCollector): void {
  const { config, valid, filled, files, environment } = subject;
  for (const { path, text, notes } of filled.leaves) {
    const advice = notes.advise?.(text);
    if (advice) warnings.add(advice.kind, path, `${formatKeyPath(path)} ${advice.message}`);
    const file = notes.file === "apiKey" ? files.byKey.get(formatKeyPath(path)) : undefined;
    const aboutKey = file && suspiciousApiKey(file.content);
    if (aboutKey) {
      warnings.add(aboutKey.kind, path, `the key in ${formatKeyPath(path)} ${aboutKey.message}`);
    }
  }
  const isList = valid.nbuservers.length > 0;
  if (isList && valid.nbuserver) {
    const message = '"nbuserver" is ignored because "nbuservers" is set; remove it';
    warnings.add("ignored-key", ["nbuserver"], message);
  }
  config.sites.forEach((site, index) => {
    const path = isList ? ["nbuservers", index] : ["nbuserver"];
    adviseOnTransport(site, path, environment, warnings);
    adviseOnName(site, path, config.sites.slice(0, index), warnings);
  });
  adviseOnJobs(subject, warnings);
}

/** Warns about collectors that count finished jobs while nobody reads any. */
function adviseOnJobs(
  { config: { collectors }, sections }: AdviceSubject,
  warnings: WarningCollector,
): void {
  const reader = sections.find(({ readsJobs }) => readsJobs);
  if (!reader || collectors[reader.name]?.enabled !== false) return;
  for (const { name, needsJobs } of sections) {
    if (!needsJobs || !collectors[name]?.enabled) continue;
    const message = `collector "${name}" is on but counts finished jobs, and the collector ` +
      `"${reader.name}", which reads them, is off: it will fail`;
    warnings.add("doubtful", ["collectors", name, "enabled"], message);
  }
}

function adviseOnTransport(
  site: SiteConfig,
  path: KeyPath,
  environment: Pick<ConfigEnvironment, "get">,
  warnings: WarningCollector,
): void {
  const name = JSON.stringify(site.site);
  if (site.scheme === "http") {
    // Traffic that stays on this machine is not exposed.
    if (isLoopback(site.host)) return;
    const message =
      `site ${name} is polled over plain HTTP, so its API key is sent in clear text; use https`;
    warnings.add("insecure", [...path, "scheme"], message);
  } else if (site.insecureSkipVerify) {
    const message = `the TLS certificate of site ${name} is not verified, so its API key can be ` +
      "stolen; set caFile and remove insecureSkipVerify";
    warnings.add("insecure", [...path, "insecureSkipVerify"], message);
    const variable = proxyVariable(environment);
    if (variable) {
      warnings.add(
        "doubtful",
        [...path, "insecureSkipVerify"],
        `requests to site ${name} do not use the proxy of ${variable}, as insecureSkipVerify is ` +
          "set; set caFile instead",
      );
    }
  }
}

const PROXY_VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] as const;

/** The variable that names a proxy; undefined too where Deno may not read such variables. */
function proxyVariable(environment: Pick<ConfigEnvironment, "get">): string | undefined {
  try {
    return PROXY_VARIABLES.find((name) => environment.get(name));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** Warns about names that people cannot tell apart. */
function adviseOnName(
  { site }: SiteConfig,
  path: KeyPath,
  before: readonly SiteConfig[],
  warnings: WarningCollector,
): void {
  const isTwin = before.some((other) => plainName(other.site) === plainName(site));
  const hasInvisible = site !== site.trim() || /\p{C}/u.test(site);
  if (!isTwin && !hasInvisible) return;
  const fault = isTwin
    ? "differs from another site's name in spaces or capitals only"
    : "has leading or trailing spaces, or control characters";
  warnings.add("doubtful", [...path, "site"], `site ${JSON.stringify(site)} ${fault}`);
}

function plainName(site: string): string {
  return site.replace(/[\s\p{C}]+/gu, "").toLowerCase();
}
