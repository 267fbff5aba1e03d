/**
 * All checks of one primary, in the order in which a request meets what they check.
 *
 * @module
 */
import type { Clock } from "../../base/clock.ts";
import { startDeadline } from "../../base/deadline.ts";
import type { CollectorDefinition } from "../../collectors/collector.ts";
import type { SiteConfig } from "../../config/types.ts";
import type { NetBackupClient, RequestContext } from "../../netbackup/api.ts";
import { NetBackupError } from "../../netbackup/errors.ts";
import { noTracing } from "../../telemetry/tracing.ts";
import { checkClock, checkVersion } from "./api.ts";
import { checkKey } from "./api_key.ts";
import { checkCollectors } from "./endpoints.ts";
import { failedWith, type Finding, notReached, type SiteFindings } from "./finding.ts";
import { checkConnection, checkName, checkTls } from "./network.ts";

/** What the checks of a primary need. */
export interface SiteCheckOptions {
  readonly config: SiteConfig;
  /** Enabled collectors. */
  readonly collectors: readonly CollectorDefinition[];
  /** Requests pass a proxy, which resolves names and connects in our place. */
  readonly proxied: boolean;
  readonly clock: Clock;
  /** Makes the client of the site, which is closed at the end. May throw. */
  readonly createClient: (config: SiteConfig) => NetBackupClient;
}

/** Limit on the checks of one primary, in milliseconds. */
const TIME_LIMIT_MS = 5 * 60_000;

/** Longest time for one request, in milliseconds. */
const MAX_REQUEST_MS = 30_000;

/** Checks one primary. What depends on something that failed is not checked. */
export async function checkSite(options: SiteCheckOptions): Promise<SiteFindings> {
  const { site, baseUrl } = options.config;
  const network = await checkNetwork(options);
  const api = network.some(({ status }) => status === "failed")
    ? [notReached("api")]
    : await checkApi(options, network);
  return { site, url: baseUrl, findings: [...network, ...api] };
}

async function checkNetwork(options: SiteCheckOptions): Promise<Finding[]> {
  const { config, proxied, clock } = options;
  if (proxied) {
    return [{ check: "connection", status: "skipped", detail: "requests pass a proxy" }];
  }
  const steps = [
    () => checkName(config, clock),
    () => checkConnection(config, clock),
    ...(config.scheme === "https" ? [() => checkTls(config, clock, clock.now())] : []),
  ];
  const findings: Finding[] = [];
  for (const step of steps) {
    const finding = await step();
    findings.push(finding);
    if (finding.status === "failed") break;
  }
  return findings;
}

/** The client's own verdict on the certificates counts: the finding `tls` is corrected by it. */
async function checkApi(options: SiteCheckOptions, network: Finding[]): Promise<Finding[]> {
  const { config, clock } = options;
  let client: NetBackupClient;
  try {
    client = options.createClient({
      ...config,
      timeoutMs: Math.min(config.timeoutMs, MAX_REQUEST_MS),
      // What fails is to be seen, and soon.
      retry: { ...config.retry, maxAttempts: 1 },
    });
  } catch (error) {
    return [failedWith("api", error)];
  }
  using limit = startDeadline({
    clock,
    milliseconds: TIME_LIMIT_MS,
    reason: () => new Error(`the checks took longer than ${TIME_LIMIT_MS / 1000} s`),
  });
  try {
    return await checkRequests(options, client, network, {
      signal: limit.signal,
      deadline: clock.monotonic() + TIME_LIMIT_MS,
      tracing: noTracing,
    });
  } finally {
    await client.close({ timeoutMs: 0 });
  }
}

async function checkRequests(
  { config, collectors, clock }: SiteCheckOptions,
  client: NetBackupClient,
  network: Finding[],
  context: RequestContext,
): Promise<Finding[]> {
  const { version, finding, error } = await checkVersion(config, client, context, clock);
  if (version === undefined) {
    const tls = network.findIndex(({ check }) => check === "tls");
    const found = network[tls];
    if (found && error instanceof NetBackupError && error.reason === "tls") {
      const detail = `${found.detail}; ${finding.detail}`;
      network[tls] = { ...found, status: "failed", detail, fix: finding.fix };
      return [notReached("api")];
    }
    return [finding];
  }
  const session = { client, version };
  const key = await checkKey(session, config.apiKey, context, clock);
  const time = checkClock(client, clock);
  if (key.status === "failed") return [finding, time, key, notReached("collectors")];
  return [finding, time, key, ...await checkCollectors(collectors, session, context, clock)];
}
