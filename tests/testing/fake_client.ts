/**
 * A NetBackup client without a wire: a handler responds.
 *
 * @module
 */
import type {
  JsonRequest,
  NetBackupClient,
  RequestContext,
  RequestObserver,
  ServerTime,
} from "../../src/netbackup/api.ts";
import { type HttpStatusError, statusError as errorOf } from "../../src/netbackup/errors.ts";
import { noTracing } from "../../src/telemetry/tracing.ts";

/** What the fake client was asked and what it responds. */
export interface FakeClient extends NetBackupClient {
  /** Paths asked, in order; `ping` and `authorization-context` included. */
  readonly asked: string[];
  readonly rejected: Map<string, number>;
  version: string;
  keyAccepted: boolean | Error;
  detectFailure: Error | undefined;
  respond: (request: JsonRequest, context: RequestContext) => unknown;
  serverTime: ServerTime | undefined;
  readonly closed: boolean;
}

/** Makes a client that answers each list with no rows until told otherwise. */
export function createFakeClient(): FakeClient {
  const rejected = new Map<string, number>();
  let closed = false;
  const observer: RequestObserver = {
    request() {},
    retry() {},
    rowsRejected: (endpoint, count) => {
      rejected.set(endpoint, (rejected.get(endpoint) ?? 0) + count);
    },
  };
  return {
    observer,
    asked: [],
    rejected,
    version: "14.0",
    keyAccepted: true,
    detectFailure: undefined,
    serverTime: undefined,
    respond: () => ({ data: [], meta: { pagination: {} } }),
    get closed() {
      return closed;
    },
    async getJson(request, context) {
      context.signal.throwIfAborted();
      this.asked.push(request.endpoint);
      return await this.respond(request, context);
    },
    detectVersion(context) {
      context.signal.throwIfAborted();
      this.asked.push("ping");
      return this.detectFailure
        ? Promise.reject(this.detectFailure)
        : Promise.resolve(this.version);
    },
    verifyKey() {
      this.asked.push("authorization-context");
      return this.keyAccepted instanceof Error
        ? Promise.reject(this.keyAccepted)
        : Promise.resolve(this.keyAccepted);
    },
    close() {
      closed = true;
      return Promise.resolve({ drained: true, aborted: 0 });
    },
  };
}

/** A request context without limits. */
export function unlimited(signal = new AbortController().signal): RequestContext {
  return { signal, deadline: Infinity, tracing: noTracing };
}

/** The error of a response with this status. */
export function statusError(status: number, endpoint = "/admin/jobs"): HttpStatusError {
  return errorOf({ site: "a", endpoint }, { status });
}

/** A page as cursor endpoints send it. */
export function cursorPage(rows: readonly unknown[], next?: string): unknown {
  return { data: rows, meta: { pagination: { limit: 100, ...(next ? { next } : {}) } } };
}

/** A page as offset endpoints send it. */
export function offsetPage(rows: readonly unknown[], count = rows.length): unknown {
  return { data: rows, meta: { pagination: { count, limit: 500, offset: 0 } } };
}
