/**
 * The command `doctor`: checks every primary, and says what fails and how to fix it.
 *
 * @module
 */
import type { BuildInfo } from "../base/build_info.ts";
import { type Clock, systemClock } from "../base/clock.ts";
import { COLLECTORS } from "../collectors/registry.ts";
import { COLLECTOR_SECTIONS } from "../collectors/sections.ts";
import { loadConfig } from "../config/load.ts";
import type { RequestObserver } from "../netbackup/api.ts";
import { createNetBackupClient } from "../netbackup/client.ts";
import { usesProxy } from "../netbackup/environment_proxy.ts";
import { createSemaphore } from "../netbackup/semaphore.ts";
import { planOf } from "../site/plan.ts";
import type { SiteFindings } from "./doctor/finding.ts";
import { formatJson, formatTable, hasFailed } from "./doctor/report.ts";
import { checkSite, type SiteCheckOptions } from "./doctor/site.ts";
import type { CliIo } from "./io.ts";
import type { GlobalOptions } from "./run_options.ts";
import { logToStderr } from "./stderr_log.ts";

/** How the findings are printed. */
export interface DoctorOptions {
  readonly json: boolean;
}

/** Sites that are checked at the same time. */
const MAX_SITES_AT_ONCE = 8;

const nobody: RequestObserver = { request() {}, retry() {}, rowsRejected() {} };

/**
 * Checks all sites and prints what was found.
 *
 * @returns Whether no check failed.
 * @throws ConfigError When the configuration is bad.
 */
export async function runDoctor(
  options: GlobalOptions,
  { json }: DoctorOptions,
  build: BuildInfo,
  io: CliIo,
  clock: Clock = systemClock,
): Promise<boolean> {
  const { config } = await loadConfig(options.config, io.environment, COLLECTOR_SECTIONS);
  const logging = await logToStderr(options, config, io);
  const { logger } = logging;
  const collectors = planOf(config, COLLECTORS).collectors.map(({ definition }) => definition);
  const { get } = io.environment;
  try {
    const checks = config.sites.map((site): SiteCheckOptions => ({
      config: site,
      collectors,
      proxied: usesProxy(site, get, logger),
      clock,
      createClient: (changed) =>
        createNetBackupClient(changed, {
          clock,
          logger,
          observer: nobody,
          environment: get,
          logBodies: options.trace,
          exporterVersion: build.version,
        }),
    }));
    const sites = await checkAll(checks, io);
    io.out(json ? formatJson(sites) : formatTable(sites));
    return !sites.some(hasFailed);
  } finally {
    await logging.close();
  }
}

async function checkAll(
  checks: readonly SiteCheckOptions[],
  { progress }: CliIo,
): Promise<SiteFindings[]> {
  const slots = createSemaphore(MAX_SITES_AT_ONCE);
  let done = 0;
  const show = () => progress?.(`checked ${done} of ${checks.length} sites`);
  show();
  const sites = await Promise.all(checks.map(async (check) => {
    const release = await slots.acquire(new AbortController().signal);
    try {
      return await checkSite(check);
    } finally {
      release();
      done++;
      show();
    }
  }));
  progress?.("");
  return sites;
}
