/**
 * What the server shows. It reads, and changes nothing.
 *
 * @module
 */
import type { Format } from "../metrics/types.ts";
import type { PageBody } from "../metrics/page/page.ts";
import type { Encoding } from "../metrics/page/page.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { BuildInfo } from "../base/build_info.ts";

/** Whether every site has ended its first cycle. */
export interface Readiness {
  readonly ready: boolean;
  /** Names of the sites that are still waited for. */
  readonly waitingFor: readonly string[];
}

/** When a source of a site was last collected. */
export interface SourceStatus {
  readonly source: string;
  /** Milliseconds since the Unix epoch; undefined = never. */
  readonly lastSuccessMs: number | undefined;
}

/** One primary on the landing page. */
export interface SiteStatus {
  readonly site: string;
  readonly state: "up" | "down" | "starting";
  /** Version of the REST API in use; undefined while it is not known. */
  readonly apiVersion: string | undefined;
  readonly sources: readonly SourceStatus[];
}

/** What the routes need; asked anew for every request. */
export interface ServerState {
  readonly build: BuildInfo;
  readonly logger: Logger;
  /** Path of the metrics page; none of the other routes. */
  readonly metricsPath: string;
  /** The metrics page. */
  metrics(format: Format, encoding: Encoding): Promise<PageBody>;
  /** `ok` when a site is up, or no cycle has ended yet. */
  health(): "ok" | "unreachable";
  ready(): Readiness;
  sites(): readonly SiteStatus[];
}
