/**
 * A request on the wire, within its time limit, and its body.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { startDeadline } from "../base/deadline.ts";
import type { Redact } from "../base/redactor.ts";
import { abortable } from "../base/signals.ts";
import { abandon, readBody } from "./body.ts";
import type { BodyBuffers } from "./body_buffers.ts";
import { type ErrorPlace, NetBackupError, NetworkError, RequestTimeoutError } from "./errors.ts";
import { type NetworkPath, networkProblem, withoutNoise } from "./network_problem.ts";
import { clean, messages, safeCause } from "./safe_text.ts";
import type { ServerTimeRecorder } from "./server_time.ts";
import type { Transport } from "./transport.ts";

/** What sending needs. */
export interface SendDependencies {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly redact: Redact;
  /** Time limit of one request, the body included, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly buffers: BodyBuffers;
  readonly serverTime: ServerTimeRecorder;
  /** For what errors of the network mean. */
  readonly path: NetworkPath;
}

/** What to ask. */
export interface SendRequest {
  readonly place: ErrorPlace;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What a POST sends; a GET unless given. */
  readonly body?: string | undefined;
}

/** The method of a request. */
export function methodOf({ body }: SendRequest): "GET" | "POST" {
  return body === undefined ? "GET" : "POST";
}

/** A response of any status, read to its end. */
export interface Exchanged {
  readonly response: Response;
  readonly text: string;
}

/** A refused body together with the status it came with, which is what is counted. */
export class BodyProblem extends Error {
  constructor(readonly problem: NetBackupError, readonly status: number) {
    super(problem.message);
  }
}

/**
 * Sends a request and reads the whole body.
 *
 * @throws BodyProblem When the body cannot be used.
 * @throws NetworkError When there is no complete response.
 * @throws RequestTimeoutError When there is none in time.
 * @throws The signal's reason when aborted.
 */
export async function sendOnce(
  dependencies: SendDependencies,
  request: SendRequest,
  signal: AbortSignal,
): Promise<Exchanged> {
  const { clock, timeoutMs } = dependencies;
  using limit = startDeadline({
    clock,
    milliseconds: timeoutMs,
    reason: () => new RequestTimeoutError(request.place, timeoutMs),
    signals: [signal],
  });
  try {
    return await sendAndRead(dependencies, request, limit.signal);
  } catch (error) {
    // What an aborted exchange throws is a consequence: the reason says why.
    throw limit.signal.aborted ? limit.signal.reason : error;
  }
}

async function sendAndRead(
  dependencies: SendDependencies,
  request: SendRequest,
  signal: AbortSignal,
): Promise<Exchanged> {
  const { transport, clock, serverTime, path, maxBodyBytes, buffers, redact } = dependencies;
  const { place, url, headers, body } = request;
  let response: Response | undefined;
  try {
    const sent = transport.send({
      ...{ url, method: methodOf(request), headers, signal },
      ...(body === undefined ? {} : { body }),
    });
    // A response that comes after the abort has no reader.
    sent.then((late) => {
      if (signal.aborted && response === undefined) return abandon(late);
    }, () => {});
    response = await abortable(sent, signal);
    serverTime.record(response, clock.monotonic());
    const text = await readBody(response, { limitBytes: maxBodyBytes, buffers, place, signal });
    return { response, text };
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof NetBackupError && response) {
      throw new BodyProblem(error, response.status);
    }
    throw networkError(place, error, { redact, path });
  }
}

/**
 * Puts what the network threw into words without secrets.
 *
 * @param error Whatever was thrown.
 */
export function networkError(
  place: ErrorPlace,
  error: unknown,
  { redact, path }: Pick<SendDependencies, "redact" | "path">,
): NetworkError {
  const detail = clean(withoutNoise(messages(error)), redact, 500);
  const problem = networkProblem(detail, path);
  return new NetworkError(place, detail, problem, { cause: safeCause(error, redact) });
}
