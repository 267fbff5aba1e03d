/**
 * How one HTTP exchange reaches the primary. Deno's `fetch` cannot switch certificate verification
 * off, so there are two implementations of one interface.
 *
 * @module
 */

import type { WebCertificate } from "./web_certificate.ts";

/** A read on the wire. */
export interface TransportRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  /** Of a POST. */
  readonly body?: string;
  /** Ends the exchange, the body included. */
  readonly signal: AbortSignal;
}

/** Sends requests over a connection pool of its own. */
export interface Transport {
  /**
   * Sends a request. Redirects are not followed: a 3xx is handed back as it is.
   *
   * @throws Error Whatever the network says; the signal's reason when aborted.
   */
  send(request: TransportRequest): Promise<Response>;
  /**
   * Reads the certificate that the server shows; absent where there is none to be seen.
   *
   * @throws Error Whatever the network says; the signal's reason when aborted.
   */
  webCertificate?(signal: AbortSignal): Promise<WebCertificate>;
  /** Closes the connection pool; what is still in flight fails. */
  close(): void | Promise<void>;
}

/** Idle connections kept per primary. */
export const POOL_MAX_IDLE = 20;
/** How long an idle connection is kept, in milliseconds. */
export const POOL_IDLE_TIMEOUT_MS = 90_000;
