/**
 * One run of one collector: negotiates the session, keeps to the time budget, and finds out what a
 * refusal means.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { startDeadline } from "../base/deadline.ts";
import { messageOf } from "../base/message_of.ts";
import type { Collector, CollectorResult } from "../collectors/collector.ts";
import { JobsMissingError } from "../collectors/jobs_missing.ts";
import type { ApiSession, NetBackupClient, RequestContext } from "../netbackup/api.ts";
import { ERROR_REASONS, HttpStatusError, NetBackupError } from "../netbackup/errors.ts";
import type { Endpoint } from "../netbackup/resource.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { clientWith } from "./client_with.ts";
import type { RunFailure } from "./collector_state.ts";
import type { EndpointSupport } from "./endpoint_support.ts";
import { BudgetSpentError } from "./errors.ts";
import { createListReader, explainRefusal } from "./list_reader.ts";
import type { SessionHolder } from "./session.ts";

/** What a run needs. */
export interface RunOptions {
  readonly site: string;
  readonly collector: Collector;
  /** What the collector reads. */
  readonly resources: readonly Endpoint[];
  readonly session: SessionHolder;
  readonly support: EndpointSupport;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly windowMs: number;
  readonly timeoutMs: number;
  /** Ends the run at once. */
  readonly signal: AbortSignal;
}

/**
 * Runs a collector once.
 *
 * @throws EndpointUnsupportedError When the release lacks what it reads.
 * @throws NetBackupError or whatever else went wrong; `signal.reason` when it was aborted.
 */
export async function runCollector(options: RunOptions): Promise<CollectorResult> {
  const { site, collector, clock, tracing, timeoutMs } = options;
  using limit = startDeadline({
    clock,
    milliseconds: timeoutMs,
    reason: () => new BudgetSpentError(site, collector.name, timeoutMs),
    signals: [options.signal],
  });
  const { signal } = limit;
  const deadline = clock.monotonic() + timeoutMs;
  try {
    return await tracing.span(
      "nbu.collect",
      () => ({ "nbu.site": site, "nbu.collector": collector.name }),
      (_span, inner) => collect(options, { signal, deadline, tracing: inner }),
    );
  } catch (error) {
    // What an aborted run throws is a consequence: the reason says why.
    throw signal.aborted ? signal.reason : error;
  }
}

async function collect(options: RunOptions, request: RequestContext): Promise<CollectorResult> {
  const { site, resources, session: holder, support } = options;
  const session = await holder.ensure(request);
  try {
    return await collectOnce(options, request);
  } catch (error) {
    // Lists are explained where they are read. What a collector reads by itself ends up here.
    if (!(error instanceof HttpStatusError)) throw error;
    const resource = resources.find(({ endpoint }) => endpoint === error.endpoint);
    if (!resource) throw error;
    explainRefusal(site, resource, error);
    const { endpoint } = resource;
    if (error.status !== 406) throw error;
    const surprising = support.expects(resource, session.version);
    if (!await holder.renegotiate(session, surprising, request)) {
      support.note(endpoint, session.version, false);
      throw error;
    }
    return await collectOnce(options, request);
  }
}

async function collectOnce(
  { site, collector, session: holder, support, clock, logger, windowMs }: RunOptions,
  request: RequestContext,
): Promise<CollectorResult> {
  const session = notingSession(await holder.ensure(request), support);
  const lists = createListReader({ site, session: holder, support, request });
  return await collector.collect({ site, session, request, lists, clock, logger, windowMs });
}

/** The session for what a collector asks by itself: notes each endpoint that responds. */
function notingSession({ client, version }: ApiSession, support: EndpointSupport): ApiSession {
  const getJson: NetBackupClient["getJson"] = async (request, context) => {
    const json = await client.getJson(request, context);
    support.note(request.endpoint, request.version, true);
    return json;
  };
  return { client: clientWith(client, getJson), version };
}

/** Reason of a failure for which there is no other: a fault of the exporter itself. */
const INTERNAL_REASON = "internal";
/** Reason of a failure for the lack of finished jobs. */
const JOBS_REASON = "jobs";

/** Every reason why a run can fail, so that counters can be created before the first failure. */
export const RUN_REASONS: readonly string[] = [...ERROR_REASONS, JOBS_REASON, INTERNAL_REASON];

/** Puts a failed run into a class for the metrics and into words for the log. */
export function describeFailure(error: unknown): RunFailure {
  const message = messageOf(error);
  if (error instanceof JobsMissingError) return { reason: JOBS_REASON, message };
  if (!(error instanceof NetBackupError)) return { reason: INTERNAL_REASON, message };
  return { reason: error.reason, message };
}
