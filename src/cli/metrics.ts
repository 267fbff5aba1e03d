/**
 * The command `metrics`: collects once from every site and prints the page.
 *
 * @module
 */
import type { BuildInfo } from "../base/build_info.ts";
import { type Clock, systemClock } from "../base/clock.ts";
import { COLLECTORS } from "../collectors/registry.ts";
import { COLLECTOR_SECTIONS } from "../collectors/sections.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/types.ts";
import { buildInfoFamily } from "../metrics/build_info.ts";
import { MetricsPage } from "../metrics/page/page.ts";
import { createNetBackupClient } from "../netbackup/client.ts";
import { SiteSet } from "../site/site_set.ts";
import type { SiteSummary } from "../site/summary.ts";
import type { Logger } from "../telemetry/logger.ts";
import { noTracing } from "../telemetry/tracing.ts";
import type { CliIo } from "./io.ts";
import type { GlobalOptions } from "./run_options.ts";
import { logToStderr } from "./stderr_log.ts";

/** How often it is looked whether all sites are done, in milliseconds. */
const LOOK_EVERY_MS = 50;

/** How long requests of a collector that runs again may take at the end, in milliseconds. */
const DRAIN_MS = 1000;

/**
 * Collects once and prints the metrics page, in the text format.
 *
 * @returns Whether every collector succeeded. What the release of a primary lacks is no failure.
 * @throws ConfigError When the configuration is bad.
 */
export async function printMetrics(
  options: GlobalOptions,
  build: BuildInfo,
  io: CliIo,
  clock: Clock = systemClock,
): Promise<boolean> {
  const { config } = await loadConfig(options.config, io.environment, COLLECTOR_SECTIONS);
  const logging = await logToStderr(options, config, io);
  try {
    const { page, sites } = prepare(config, options, build, logging.logger, clock);
    try {
      sites.prepare(config, undefined).apply();
      await waitForAll(sites, clock, io);
      const { bytes } = await page.body("text", "identity");
      io.out(new TextDecoder().decode(bytes));
      const failures = sites.summaries().flatMap(failuresOf);
      for (const failure of failures) io.err(`${failure}\n`);
      return failures.length === 0;
    } finally {
      await sites.close(DRAIN_MS);
    }
  } finally {
    await logging.close();
  }
}

function prepare(
  config: Config,
  { trace }: GlobalOptions,
  build: BuildInfo,
  logger: Logger,
  clock: Clock,
): { page: MetricsPage; sites: SiteSet } {
  const page: MetricsPage = new MetricsPage({
    monotonic: () => clock.monotonic(),
    own: () => [buildInfoFamily(build), sites.droppedFamily()],
  });
  const sites: SiteSet = new SiteSet({
    clock,
    logger,
    tracing: noTracing,
    publisher: page,
    definitions: COLLECTORS,
    // A running exporter has it locked, and its counters are not ours to move.
    state: undefined,
    unspread: true,
    createClient: (site, dependencies) =>
      createNetBackupClient(site, {
        ...dependencies,
        clock,
        logBodies: trace,
        maxRetryAfterMs: config.server.collectionIntervalMs,
        exporterVersion: build.version,
      }),
  });
  return { page, sites };
}

async function waitForAll(sites: SiteSet, clock: Clock, { progress }: CliIo): Promise<void> {
  while (true) {
    const all = sites.summaries();
    const done = all.filter(({ firstCycleEnded }) => firstCycleEnded).length;
    if (done === all.length) break;
    progress?.(`collected from ${done} of ${all.length} sites`);
    await clock.sleep(LOOK_EVERY_MS);
  }
  progress?.("");
}

/** One line for each cause: what is wrong with the primary is so for all collectors. */
function failuresOf({ site, collectors }: SiteSummary): string[] {
  const byCause = new Map<string, string[]>();
  for (const { name, failure } of collectors) {
    if (!failure) continue;
    const cause = `${failure.reason}: ${failure.message}`;
    byCause.set(cause, [...byCause.get(cause) ?? [], name]);
  }
  return [...byCause].map(([cause, names]) =>
    `${JSON.stringify(site)} ${names.join(", ")}: ${cause}`
  );
}
