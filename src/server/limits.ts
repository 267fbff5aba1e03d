/**
 * Limits of our own port: whoever can reach it must not be able to use up memory, file descriptors
 * or time. They are generous for Prometheus, which keeps one connection and asks every few seconds.
 *
 * @module
 */

/** Limits of the server. */
export interface ServerLimits {
  /**
   * Connections open at the same time, well below the 1024 file descriptors a process often has.
   * For one more, the connection that has been idle longest is closed.
   */
  readonly maxConnections: number;
  /** Responses under way at the same time. */
  readonly maxResponses: number;
  /** How long a request beyond them waits before it is answered with 503, in milliseconds. */
  readonly responseWaitMs: number;
  /** How long a new connection may take for its first request, in milliseconds. */
  readonly firstRequestMs: number;
  /** How long a connection may take between two requests, in milliseconds. */
  readonly idleMs: number;
  /** How long a response may take until the client has read it, in milliseconds. */
  readonly responseMs: number;
  /** How long connections of an address that was left stay open while idle, in milliseconds. */
  readonly retiredIdleMs: number;
}

/** Limits in force; the number of responses is that of the Prometheus exporter toolkit. */
export const SERVER_LIMITS: ServerLimits = Object.freeze({
  maxConnections: 256,
  maxResponses: 40,
  responseWaitMs: 3000,
  firstRequestMs: 10_000,
  idleMs: 60_000,
  responseMs: 30_000,
  retiredIdleMs: 5000,
});
