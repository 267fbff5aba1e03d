/**
 * What the rest of the program sees of the NetBackup client.
 *
 * @module
 */
import type { Logger } from "../telemetry/logger.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type { WebCertificate } from "./web_certificate.ts";

/** Limits and context of one piece of work that makes requests. */
export interface RequestContext {
  /** Ends requests, body reads and waits at once. */
  readonly signal: AbortSignal;
  /**
   * Time on the client's monotonic clock (milliseconds) at which the budget is spent; a wait that
   * would end later is not begun.
   */
  readonly deadline: number;
  /** Parent for the spans of the requests. */
  readonly tracing: Tracing;
}

/** What happens on the wire, for counting. */
export interface RequestObserver {
  /**
   * One HTTP exchange ended, whether it worked or not; each retry is one of its own.
   *
   * @param endpoint Path template, `/admin/jobs`.
   * @param code HTTP status as text; where there was none the error's reason (`dns`, `connect`, `tls`,
   *   `proxy`, `network`, `timeout`), or `aborted`.
   * @param durationSeconds From sending to the end of the body, or to the failure.
   * @param responded True when there was a complete response: only then is the duration a response
   *   time.
   */
  request(endpoint: string, code: string, durationSeconds: number, responded: boolean): void;
  /** A request is about to be repeated. */
  retry(endpoint: string): void;
  /** Rows of a response that did not match their schema and were dropped. */
  rowsRejected(endpoint: string, count: number): void;
}

/** Query of a request; encoded by the client, spaces as `%20`. */
export type Query = Readonly<Record<string, string | number>>;

/** Headers that an endpoint wants beside those of every request. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** A read of one endpoint that responds with JSON. */
export interface JsonRequest {
  /** Path template below the base URL, `/admin/jobs`: the label value of the metrics. */
  readonly endpoint: string;
  /** Path below the base URL where it differs from the template, already encoded. */
  readonly path?: string;
  readonly query?: Query;
  /** Headers of this endpoint; those that every request has cannot be replaced. */
  readonly headers?: RequestHeaders;
  /**
   * Sent as JSON, by POST instead of GET: for what NetBackup lets one read that way only. It is repeated
   * like any other read, so it must change nothing.
   */
  readonly body?: unknown;
  /** API version for the `Accept` header, `14.0`. */
  readonly version: string;
  /** Told the size of the body of a 2xx response, in characters, before it is parsed. */
  readonly onBody?: (characters: number) => void;
}

/** Options of `close()`. */
export interface CloseOptions {
  /** How long to wait for requests in flight, in milliseconds; 30 000 unless told otherwise. */
  readonly timeoutMs?: number;
  /** Cuts the waiting short: what is in flight is aborted at once. */
  readonly signal?: AbortSignal;
}

/** The primary's own present time, as the `Date` header of a response told it. */
export interface ServerTime {
  /** What the primary took the time to be, in milliseconds since the Unix epoch, cut to seconds. */
  readonly serverMs: number;
  /** When that response arrived, on the client's monotonic clock, in milliseconds. */
  readonly monotonicMs: number;
}

/** How a client was closed. */
export interface CloseResult {
  /** True when every request in flight came to its own end. */
  readonly drained: boolean;
  /** Calls that were cut in mid-request; one that only waited for a retry is none of them. */
  readonly aborted: number;
}

/** HTTP client of one NetBackup primary. */
export interface NetBackupClient {
  /** Path templates and figures are reported here. */
  readonly observer: RequestObserver;
  /** Name of the site, for errors; empty when absent. */
  readonly site?: string;
  /** Requests it sends at the same time; one when absent. */
  readonly maxConcurrentRequests?: number;
  /** Where rejected rows are named; nowhere when absent. */
  readonly logger?: Logger;
  /** From the response that arrived last and told it; undefined before the first. */
  readonly serverTime?: ServerTime | undefined;
  /** The name that NetBackup has for the API key, which is no secret; absent where it is not known. */
  readonly apiKeyTag?: string | undefined;
  /**
   * Reads the certificate of the primary's web server with a TLS handshake.
   *
   * @returns Undefined where it cannot be seen: over plain HTTP, and behind a proxy.
   * @throws NetworkError When the handshake fails.
   */
  webCertificate?(context: RequestContext): Promise<WebCertificate | undefined>;
  /**
   * Gets JSON, with retries.
   *
   * @throws NetBackupError One of its subclasses; the reason of `context.signal` when aborted.
   */
  getJson(request: JsonRequest, context: RequestContext): Promise<unknown>;
  /**
   * Finds the newest API version that both sides speak: the header of `GET /ping`, or else by
   * walking down the ladder on 406.
   *
   * @returns `14.0`, say.
   * @throws NetBackupError
   */
  detectVersion(context: RequestContext): Promise<string>;
  /**
   * Asks `GET /authorization-context` whether NetBackup accepts the API key at all.
   *
   * @returns False when the key is refused (401); true when it is accepted.
   * @throws NetBackupError When neither can be told.
   */
  verifyKey(version: string, context: RequestContext): Promise<boolean>;
  /**
   * Refuses new requests, waits for those in flight, then aborts what is left and closes the
   * connection pool.
   *
   * @throws ClientAlreadyClosedError On the second call.
   */
  close(options?: CloseOptions): Promise<CloseResult>;
}

/** One page of an endpoint's rows, each parsed on its own. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** Rows dropped because they did not match the schema. */
  readonly rejected: number;
  /** Whether the page names a successor; absent where the paging does not tell. */
  readonly hasNext?: boolean;
  /** Rows of all pages together, where the response says so. */
  readonly total?: number;
}

/** A client together with the API version negotiated with its primary. */
export interface ApiSession {
  readonly client: NetBackupClient;
  readonly version: string;
}
