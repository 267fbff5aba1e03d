/**
 * One HTTP exchange: sent once, timed, traced, counted, logged.
 *
 * @module
 */
import type { Logger } from "../telemetry/logger.ts";
import { traceParentOf, type Tracing } from "../telemetry/tracing.ts";
import type { RequestObserver } from "./api.ts";
import { isHtml, wantsTls } from "./body.ts";
import { logBody } from "./body_log.ts";
import { parseErrorBody } from "./error_body.ts";
import { NetBackupError, statusError } from "./errors.ts";
import { retryAfterOf } from "./retry/retry_after.ts";
import { spanAttributes } from "./span_attributes.ts";
import {
  BodyProblem,
  type Exchanged,
  methodOf,
  type SendDependencies,
  sendOnce,
  type SendRequest,
} from "./send.ts";

/** What exchanges of one client have in common. */
export interface ExchangeDependencies extends SendDependencies {
  readonly logger: Logger;
  readonly observer: RequestObserver;
  /** Log bodies at info level. */
  readonly logBodies: boolean;
  /** Longest wait that `Retry-After` can ask for, in milliseconds. */
  readonly maxRetryAfterMs: number;
}

/** What to ask. */
export interface ExchangeRequest extends SendRequest {
  /** Number of the try, from 1. */
  readonly attempt: number;
}

/** A 2xx response, read to its end. */
export interface ReceivedResponse {
  readonly headers: Headers;
  readonly contentType: string;
  readonly text: string;
}

/**
 * Sends a request once and reads the response.
 *
 * @param interpret Makes the result of a 2xx response; runs inside the span.
 * @throws NetBackupError One of its subclasses.
 * @throws The signal's reason when aborted.
 */
export function exchange<T>(
  dependencies: ExchangeDependencies,
  request: ExchangeRequest,
  context: { readonly signal: AbortSignal; readonly tracing: Tracing },
  interpret: (response: ReceivedResponse) => T,
): Promise<T> {
  const { redact } = dependencies;
  const { place, attempt } = request;
  return context.tracing.span(
    `${methodOf(request)} ${place.endpoint}`,
    () => spanAttributes(request, attempt),
    async (span) => {
      const traceparent = traceParentOf(span);
      const headers = traceparent === undefined
        ? request.headers
        : { ...request.headers, traceparent };
      const fail = (type: string) => span.setAttribute("error.type", type);
      const traced = { ...request, headers };
      const { response, text } = await timed(dependencies, traced, context.signal, fail);
      span.setAttribute("http.response.status_code", response.status);
      if (response.status >= 400) fail(String(response.status));
      const contentType = response.headers.get("content-type") ?? "";
      if (dependencies.logBodies) {
        logBody(dependencies.logger, place.endpoint, response.status, text, redact);
      }
      if (response.status >= 200 && response.status < 300) {
        return interpret({ headers: response.headers, contentType, text });
      }
      throw statusError(place, {
        status: response.status,
        ...parseErrorBody(text, redact),
        html: isHtml(contentType, text),
        wantsTls: dependencies.path.scheme === "http" && wantsTls(text),
        retryAfterMs: retryAfterOf(response.headers, {
          nowMs: dependencies.clock.now(),
          maxMs: dependencies.maxRetryAfterMs,
        }),
      });
    },
    "client",
  );
}

async function timed(
  dependencies: ExchangeDependencies,
  request: ExchangeRequest,
  signal: AbortSignal,
  onFailure: (type: string) => void,
): Promise<Exchanged> {
  const { clock, observer, logger } = dependencies;
  const { endpoint } = request.place;
  const started = clock.monotonic();
  let code = "network";
  let responded = false;
  let size = 0;
  try {
    const exchanged = await sendOnce(dependencies, request, signal);
    code = codeOf(exchanged.response.status);
    responded = true;
    size = exchanged.text.length;
    return exchanged;
  } catch (error) {
    if (signal.aborted) code = "aborted";
    else if (error instanceof BodyProblem) code = codeOf(error.status);
    else if (error instanceof NetBackupError) code = error.reason;
    onFailure(code);
    throw error instanceof BodyProblem ? error.problem : error;
  } finally {
    const durationSeconds = Math.round(clock.monotonic() - started) / 1000;
    observer.request(endpoint, code, durationSeconds, responded);
    logger.debug("NetBackup request", {
      endpoint,
      code,
      duration_seconds: durationSeconds,
      attempt: request.attempt,
      characters: size,
    });
  }
}

/** Statuses outside of HTTP's range share one label value, so that there are not too many. */
function codeOf(status: number): string {
  return status >= 100 && status <= 599 ? String(status) : "other";
}
