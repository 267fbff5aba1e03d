/**
 * A server state for tests, and a logger that keeps its lines.
 *
 * @module
 */
import { singleSample } from "../../src/metrics/family.ts";
import { apiRetriesTotal, up } from "../../src/metrics/catalogue.ts";
import { MetricsPage } from "../../src/metrics/page/page.ts";
import type { ServerState } from "../../src/server/state.ts";
import { sourceName } from "../../src/site/source_name.ts";
import type { LogFields, Logger } from "../../src/telemetry/logger.ts";
import { NOW } from "./_sites.ts";

/** One line that was logged. */
export interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps its lines. */
export function recordingLogger(): { logger: Logger; lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const make = (bound: LogFields): Logger => {
    const at = (level: string) => (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields: { ...bound, ...fields } });
    };
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      with: (fields) => make({ ...bound, ...fields }),
    };
  };
  return { logger: make({}), lines };
}

/** A state in which the series of site "a" are on the page, with what a test changes of it. */
export function testState(changes: Partial<ServerState> = {}): ServerState {
  const own = singleSample(apiRetriesTotal, { site: "a", endpoint: "/admin/jobs" }, 2);
  const page = new MetricsPage({ monotonic: () => performance.now(), own: () => [own] });
  page.publish(sourceName("a", "health"), [singleSample(up, { site: "a" }, 1)]);
  return {
    build: { version: "1.2.3", commit: "abcdef" },
    logger: recordingLogger().logger,
    metricsPath: "/metrics",
    lifecycle: undefined,
    now: () => NOW,
    metrics: (format, encoding) => page.body(format, encoding),
    metricsPart: (part, format, encoding) => page.part(part, format, encoding),
    health: () => "ok",
    ready: () => ({ ready: true, waitingFor: [] }),
    sites: () => [],
    collectorNames: () => new Map(),
    configText: () => "server: {}\n",
    reloadStatus: () => ({ successful: true, lastSuccessMs: NOW - 60_000 }),
    ...changes,
  };
}
