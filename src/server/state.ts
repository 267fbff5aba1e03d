/**
 * What the server shows. It reads, and changes nothing but what `Lifecycle` offers.
 *
 * @module
 */
import type { BuildInfo } from "../base/build_info.ts";
import type { ReloadStatus } from "../metrics/exporter_families.ts";
import type { Encoding, PagePart } from "../metrics/page/page.ts";
import type { PageBody } from "../metrics/page/page_body.ts";
import type { Format } from "../metrics/types.ts";
import type { SiteSummary } from "../site/summary.ts";
import type { Logger } from "../telemetry/logger.ts";

/** Whether every site has ended its first cycle. */
export interface Readiness {
  readonly ready: boolean;
  /** Names of the sites that are still waited for. */
  readonly waitingFor: readonly string[];
}

/** What can be done to the exporter over HTTP. */
export interface Lifecycle {
  /**
   * Loads the configuration again.
   *
   * @returns Whether it took effect.
   */
  reload(): Promise<boolean>;
  /** Has the process end in good order, some time after this. */
  quit(): void;
}

/** What the routes need; asked anew for every request. */
export interface ServerState {
  readonly build: BuildInfo;
  readonly logger: Logger;
  /** Path of the metrics page; none of the other routes. */
  readonly metricsPath: string;
  /** Undefined where it is not enabled. */
  readonly lifecycle: Lifecycle | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The metrics page. */
  metrics(format: Format, encoding: Encoding): Promise<PageBody>;
  /** A part of the metrics page. */
  metricsPart(part: PagePart, format: Format, encoding: Encoding): Promise<PageBody>;
  /** `ok` when a site is up, or no cycle has ended yet. */
  health(): "ok" | "unreachable";
  ready(): Readiness;
  sites(): readonly SiteSummary[];
  /** Names of the collectors that are on, by site: what a scrape needs, for less than a summary. */
  collectorNames(): ReadonlyMap<string, readonly string[]>;
  /** The configuration in effect as YAML; without secrets. */
  configText(): string;
  /** How the last reload ended. */
  reloadStatus(): ReloadStatus;
}
