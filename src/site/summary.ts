/**
 * A site as people see it: on the status page and in `/api/v1/status`.
 *
 * @module
 */
import type { JobQueue } from "../collectors/collector.ts";
import { REASON_TABLE } from "../netbackup/errors.ts";
import type { RunFailure } from "./collector_state.ts";
import type { CollectorTask } from "./collector_task.ts";
import type { SiteFindings } from "./findings/types.ts";

export type { JobQueue };

/** A failure with what to do about it. */
export interface FailureSummary extends RunFailure {
  /** As a sentence. */
  readonly remedy: string;
}

/** A collector of a site. Times are milliseconds since the epoch. */
export interface CollectorSummary {
  readonly name: string;
  /** What it collects, as one sentence. */
  readonly about: string;
  /** It decides whether the site is up. */
  readonly main: boolean;
  /** It reads the jobs of the site. */
  readonly readsJobs: boolean;
  /** How the last run ended; `waiting` before the end of the first. */
  readonly outcome: "ok" | "failed" | "unsupported" | "waiting";
  /** The last result is too old: its gauges are withdrawn. */
  readonly stale: boolean;
  /** Why the last run failed; undefined when it did not. */
  readonly failure: FailureSummary | undefined;
  /** When runs began to fail; undefined while they do not. */
  readonly failingSince: number | undefined;
  /** When the last run ended that did not fail; undefined = never. */
  readonly lastSuccessAt: number | undefined;
  /** Rows of the last successful run; undefined where there is none. */
  readonly rows: number | undefined;
  /** A run has found rows since the start. */
  readonly everHadRows: boolean;
  /** Duration of the last run; undefined before the end of the first. */
  readonly durationSeconds: number | undefined;
  /** As planned, in milliseconds. */
  readonly intervalMs: number;
  readonly running: boolean;
  /** Undefined while it runs, and while the site has not begun. */
  readonly nextRunAt: number | undefined;
  /** Part of a first read or a catch-up that is done, 0..1; undefined where there is none. */
  readonly progress: number | undefined;
}

/** A site. Times are milliseconds since the epoch. */
export interface SiteSummary {
  readonly site: string;
  /** Where its REST API is; holds no secret. */
  readonly baseUrl: string;
  /** Undefined until known. */
  readonly up: boolean | undefined;
  /** When it went down; undefined while it is not. */
  readonly downSince: number | undefined;
  /** Version of the REST API in use; undefined while it is not known. */
  readonly version: string | undefined;
  /** The certificate of the primary is not checked. */
  readonly insecureSkipVerify: boolean;
  /** Every collector has ended its first run. */
  readonly firstCycleEnded: boolean;
  /** By how much intervals are longer than planned while the site cannot be reached: 1, 2 or 4. */
  readonly factor: number;
  /** Requests to the primary, tries included. */
  readonly requestsInLastHour: number;
  /** Its unfinished jobs when they were last read; undefined where that is too long ago, or never. */
  readonly queue: JobQueue | undefined;
  readonly collectors: readonly CollectorSummary[];
  /**
   * What there is to say beside: failed jobs, space, expiries, late clients.
   *
   * @param fromMs Since when jobs are told of, in milliseconds since the epoch.
   */
  readonly findings: (fromMs: number) => SiteFindings;
}

const REMEDIES: ReadonlyMap<string, string> = new Map(
  REASON_TABLE.map(({ reason, remedy }) => [reason, remedy]),
);

/** For failures that are in no table: faults of the exporter itself. */
const INTERNAL_REMEDY = "Please report this bug with the exporter's log.";

/**
 * Sums up a collector.
 *
 * @param now Milliseconds since the epoch.
 */
export function summarizeCollector(task: CollectorTask, now: number): CollectorSummary {
  const { state, plan, running, nextRunInMs } = task;
  const { failure } = state;
  const progress = task.collector.progress?.();
  return {
    name: state.name,
    about: plan.definition.summary,
    main: plan.definition.main,
    readsJobs: plan.definition.readsJobs ?? false,
    outcome: state.outcome ?? "waiting",
    stale: state.stale,
    failure: failure && { ...failure, remedy: REMEDIES.get(failure.reason) ?? INTERNAL_REMEDY },
    failingSince: state.failingSince,
    lastSuccessAt: state.lastSuccessAt,
    rows: state.last?.rows,
    everHadRows: state.everHadRows,
    durationSeconds: state.outcome && state.durationSeconds,
    intervalMs: plan.intervalMs,
    running,
    nextRunAt: nextRunInMs === undefined ? undefined : now + nextRunInMs,
    progress: progress === 1 ? undefined : progress,
  };
}

/** The unfinished jobs of a site, unless what is known of them is too old. */
export function queueOf(tasks: readonly CollectorTask[]): JobQueue | undefined {
  const queues = tasks.map(({ state, collector }) => state.stale ? undefined : collector.queue?.());
  return queues.find((queue) => queue !== undefined);
}

/**
 * When a site that is down went down: when its main collectors began to fail, or, where none of them
 * fails, the others did.
 */
export function downSince(collectors: readonly CollectorSummary[]): number | undefined {
  const failing = collectors.filter(({ failingSince }) => failingSince !== undefined);
  const main = failing.filter(({ main }) => main);
  const times = (main.length > 0 ? main : failing).map(({ failingSince }) => failingSince ?? 0);
  return times.length > 0 ? Math.min(...times) : undefined;
}
