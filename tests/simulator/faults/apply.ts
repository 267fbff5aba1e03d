/**
 * Lets faults happen.
 *
 * @module
 */
import type { Clock } from "../../../src/base/clock.ts";
import { ApiError, errorBody } from "../protocol/error.ts";
import { mediaType } from "../protocol/version.ts";
import { cutBody, hugeBody, slowBody } from "./bodies.ts";
import { changeJson } from "./rows.ts";
import type { Fault, RetryAfter } from "./types.ts";

/** Thrown in place of a response: the connection is to end without one. */
export class ConnectionDropped extends Error {
  override name = "ConnectionDropped";
}

/** What faults work with. */
export interface FaultContext {
  readonly request: Request;
  /** Aborted when the client no longer waits; the request's own signal where there is none. */
  readonly gone: AbortSignal | undefined;
  readonly clock: Clock;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
  readonly version: string;
}

const HTML = "<!DOCTYPE html><html><head><title>Service unavailable</title></head>" +
  "<body><h1>The service is starting</h1></body></html>";

/**
 * What happens instead of the response, if anything does.
 *
 * @throws ConnectionDropped
 */
export async function beforeResponse(
  fault: Fault,
  context: FaultContext,
): Promise<Response | undefined> {
  switch (fault.kind) {
    case "latency":
      await context.clock.sleep(fault.ms, context.closing);
      return undefined;
    case "drop":
      throw new ConnectionDropped("The simulated primary dropped the connection");
    case "hang":
      await untilAborted(context.gone ?? context.request.signal, context.closing);
      throw new ConnectionDropped("The simulated primary never responded");
    case "html":
      return new Response(HTML, {
        status: fault.status ?? 200,
        headers: { "content-type": "text/html; charset=utf-8" },
      });
    case "status":
      return statusResponse(fault, context);
    case "echoKey": {
      const key = context.request.headers.get("authorization") ?? "";
      return errorFaultResponse(fault.status, [`Authorization: ${key}`], context, new Headers());
    }
    default:
      return undefined;
  }
}

/** What becomes of the response. */
export async function afterResponse(
  fault: Fault,
  response: Response,
  context: FaultContext,
): Promise<Response> {
  switch (fault.kind) {
    case "wrongType":
    case "missingField":
    case "extraFields":
    case "malformedRow":
    case "emptyList":
    case "earlyEnd":
    case "wrongCount":
    case "repeatedRow":
    case "repeatCursor":
      return await changeJson(fault, response, context.request);
    case "brokenJson": {
      const text = await response.text();
      return new Response(text.slice(0, Math.floor(text.length * (fault.part ?? 0.5))), response);
    }
    case "truncate":
      return await cutBody(response, fault.part ?? 0.5, fault.declareLength ?? true);
    case "slowBody":
      return await slowBody(
        response,
        fault.pieces,
        (signal) => context.clock.sleep(fault.ms, AbortSignal.any([context.closing, signal])),
      );
    case "hugeBody":
      return hugeBody(response, fault.bytes, fault.declareLength ?? false);
    default:
      return response;
  }
}

function statusResponse(
  fault: Extract<Fault, { kind: "status" }>,
  context: FaultContext,
): Response {
  const headers = new Headers();
  if (fault.retryAfter) {
    headers.set("retry-after", formatRetryAfter(fault.retryAfter, context.clock.now()));
  }
  if (fault.body === "empty") return new Response(null, { status: fault.status, headers });
  if (fault.body === "html") {
    headers.set("content-type", "text/html; charset=utf-8");
    return new Response(HTML, { status: fault.status, headers });
  }
  return errorFaultResponse(fault.status, ["The fault was asked for."], context, headers);
}

function errorFaultResponse(
  status: number,
  details: readonly string[],
  context: FaultContext,
  headers: Headers,
): Response {
  headers.set("content-type", mediaType(context.version));
  const error = new ApiError(
    status,
    9000 + status,
    MESSAGES.get(status) ?? "Simulated fault.",
    details,
  );
  return new Response(JSON.stringify(errorBody(error)), { status, headers });
}

const MESSAGES: ReadonlyMap<number, string> = new Map([
  [429, "Too many requests."],
  [500, "An unexpected system error occurred."],
  [503, "The server is busy."],
]);

/** Writes a `Retry-After` header. */
function formatRetryAfter(retryAfter: RetryAfter, nowMs: number): string {
  const date = new Date(nowMs + retryAfter.waitMs);
  switch (retryAfter.form) {
    case "seconds":
      return String(Math.ceil(retryAfter.waitMs / 1000));
    case "http-date":
      return date.toUTCString();
    case "iso":
      return date.toISOString();
  }
}

function untilAborted(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  return new Promise((resolve) => {
    if (any.aborted) resolve();
    else any.addEventListener("abort", () => resolve(), { once: true });
  });
}
