/**
 * One run of one collector: negotiates the session, keeps to the time budget, and finds out what a
 * refusal means.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { Collector, CollectorResult } from "../collectors/collector.ts";
import type { ApiSession, RequestContext } from "../netbackup/api.ts";
import { HttpStatusError, NetBackupError } from "../netbackup/errors.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type { RunFailure } from "./collector_state.ts";
import { BadKeyError, BudgetSpentError, ForbiddenError } from "./errors.ts";
import type { SessionHolder } from "./session.ts";

/** What a run needs. */
export interface RunOptions {
  readonly site: string;
  readonly collector: Collector;
  readonly session: SessionHolder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly windowMs: number;
  readonly budgetMs: number;
  /** Ends the run at once. */
  readonly signal: AbortSignal;
}

/**
 * Runs a collector once.
 *
 * @throws NetBackupError or whatever else went wrong; `signal.reason` when it was aborted.
 */
export async function runCollector(options: RunOptions): Promise<CollectorResult> {
  const { site, collector, clock, tracing, budgetMs } = options;
  const budget = new AbortController();
  const ended = new AbortController();
  clock.sleep(budgetMs, ended.signal).then(
    () => budget.abort(new BudgetSpentError(site, collector.name, budgetMs)),
    () => {}, // The run ended first.
  );
  const signal = AbortSignal.any([options.signal, budget.signal]);
  const deadline = clock.monotonic() + budgetMs;
  try {
    return await tracing.span(
      `collect ${collector.name}`,
      { "nbu.site": site, "nbu.collector": collector.name },
      (_span, inner) => collect(options, { signal, deadline, tracing: inner }),
    );
  } catch (error) {
    // What an aborted run throws is a consequence: the reason says why.
    throw signal.aborted ? signal.reason : error;
  } finally {
    ended.abort();
  }
}

async function collect(options: RunOptions, request: RequestContext): Promise<CollectorResult> {
  const session = await options.session.ensure(request);
  try {
    return await collectWith(options, request, session);
  } catch (error) {
    if (!(error instanceof HttpStatusError)) throw error;
    if (error.status === 401) {
      if (await options.session.keyRefused(session, request)) throw new BadKeyError(options.site);
      throw new ForbiddenError(options.site, error.endpoint, error);
    }
    if (error.status === 406) {
      const next = await options.session.renegotiate(session, request);
      if (next) return await collectWith(options, request, next);
    }
    throw error;
  }
}

function collectWith(
  { site, collector, clock, logger, windowMs }: RunOptions,
  request: RequestContext,
  session: ApiSession,
): Promise<CollectorResult> {
  return collector.collect({ site, session, request, clock, logger, windowMs });
}

/** Reason of a failure that is no `NetBackupError`: a fault of the exporter itself. */
export const INTERNAL_REASON = "internal";

/** Puts a failed run into a class for the metrics and into words for the log. */
export function describeFailure(error: unknown): RunFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof NetBackupError)) return { reason: INTERNAL_REASON, message };
  return { reason: error.reason, message };
}
