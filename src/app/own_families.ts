/**
 * The metrics about the exporter itself.
 *
 * @module
 */
import type { BuildInfo } from "../base/build_info.ts";
import type { UnhandledErrors } from "../base/unhandled_errors.ts";
import { buildInfoFamily } from "../metrics/build_info.ts";
import type { EventLoopDelay } from "../metrics/event_loop_delay.ts";
import { logFamily, reloadFamilies, type ReloadStatus } from "../metrics/exporter_families.ts";
import { createdAt } from "../metrics/family.ts";
import { currentProcess, processFamilies } from "../metrics/process_metrics.ts";
import { faultFamilies, serverFamilies } from "../metrics/server_families.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { ListenerManager } from "../server/listener_manager.ts";
import type { SiteSet } from "../site/site_set.ts";
import type { LoggingHandle } from "../telemetry/logging.ts";

/** Parts of the exporter that have figures of themselves. */
export interface OwnSources {
  readonly build: BuildInfo;
  readonly reloadStatus: ReloadStatus;
  readonly logging: Pick<LoggingHandle, "counts" | "dropped">;
  /** Undefined = nothing counts them. */
  readonly unhandledErrors: UnhandledErrors | undefined;
  /** Undefined until the exporter listens. */
  readonly listener: Pick<ListenerManager, "figures"> | undefined;
  readonly eventLoop: Pick<EventLoopDelay, "maxSeconds">;
  readonly sites: Pick<SiteSet, "droppedFamily">;
}

/** What is rendered anew whenever the page is made; its counters are as old as the process. */
export function ownFamilies(sources: OwnSources): MetricFamily[] {
  const { build, reloadStatus, logging, unhandledErrors, listener, eventLoop, sites } = sources;
  const families = [
    buildInfoFamily(build),
    ...reloadFamilies(reloadStatus),
    logFamily(logging.counts()),
    ...faultFamilies(logging.dropped(), unhandledErrors?.count ?? 0),
    ...(listener ? serverFamilies(listener.figures()) : []),
    ...processFamilies(eventLoop.maxSeconds()),
    sites.droppedFamily(),
  ];
  const startSeconds = currentProcess.startTimeMs / 1000;
  return families.map((family) => createdAt(family, startSeconds));
}
