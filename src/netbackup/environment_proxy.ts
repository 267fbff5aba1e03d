/**
 * The proxy that the environment names. Deno's `fetch` uses it of its own accord, `node:https` does
 * not.
 *
 * @module
 */
import type { SiteConfig } from "../config/types.ts";
import type { Logger } from "../telemetry/logger.ts";
import { skipsVerification } from "./transport_factory.ts";

/** Looks up an environment variable; undefined when it is not set or may not be read. */
export type Environment = (name: string) => string | undefined;

/** The environment of the process, as far as it may be read. */
export function processEnvironment(name: string): string | undefined {
  // Asking for the permission instead would stop the program at a prompt.
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

/** Whether the requests of a site go through a proxy; warns where they pass one by. */
export function usesProxy(site: SiteConfig, environment: Environment, logger: Logger): boolean {
  if (site.proxy !== undefined) return true;
  const variable = environmentProxy(site, environment);
  if (variable === undefined) return false;
  if (!skipsVerification(site)) return true;
  logger.warn(
    '"insecureSkipVerify" bypasses the proxy set in the environment: to use the proxy, set' +
      ' "caFile" to the certificate of the NetBackup CA instead',
    { variable },
  );
  return false;
}

/**
 * Names the variable with the proxy that `fetch` takes for this site, by Deno's rules: `HTTPS_PROXY` or
 * `HTTP_PROXY`, else `ALL_PROXY`, in either case, unless `NO_PROXY` names the host.
 *
 * @returns Undefined when there is none; its value may hold credentials, and is not handed out.
 */
function environmentProxy(
  { scheme, host }: Pick<SiteConfig, "scheme" | "host">,
  environment: Environment,
): string | undefined {
  const names = [`${scheme}_proxy`, "all_proxy"].flatMap((name) => [name.toUpperCase(), name]);
  const excluded = environment("NO_PROXY") || environment("no_proxy") || "";
  if (excluded.split(",").some((entry) => excludes(entry.trim(), host))) return undefined;
  return names.find((name) => environment(name));
}

/** Whether an entry of `NO_PROXY` names the host or a domain that it is in. Ranges are not read. */
function excludes(entry: string, host: string): boolean {
  if (entry === "*") return true;
  const domain = entry.replace(/^\./, "").toLowerCase();
  const name = host.toLowerCase();
  return domain !== "" && (name === domain || name.endsWith(`.${domain}`));
}
