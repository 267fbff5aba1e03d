/**
 * Requests that got no complete response.
 *
 * @module
 */
import type { NetworkProblem } from "../network_rules.ts";
import { at, type ErrorPlace, NetBackupError, withHint } from "./base.ts";

/** No response: name, connection, TLS, proxy, or a response cut short. */
export class NetworkError extends NetBackupError {
  override readonly name = "NetworkError";
  override readonly retryable: boolean;

  /**
   * @param detail What the network said, free of secrets.
   * @param problem What that means.
   */
  constructor(
    place: ErrorPlace,
    detail: string,
    problem: NetworkProblem,
    options: { readonly cause?: unknown } = {},
  ) {
    super(withHint(`${at(place)} failed without a response: ${detail}`, problem.hint), {
      ...place,
      reason: problem.reason,
      cause: options.cause,
    });
    this.retryable = problem.permanent !== true;
  }
}

/** No complete response within the time limit of one request. */
export class RequestTimeoutError extends NetBackupError {
  override readonly name = "RequestTimeoutError";
  override readonly retryable = true;
  readonly timeoutMs: number;

  constructor(place: ErrorPlace, timeoutMs: number) {
    super(
      `${at(place)} received no response within ${timeoutMs / 1000} s: ` +
        `the primary is slow or unreachable; if it is only slow, raise "timeout"`,
      { ...place, reason: "timeout" },
    );
    this.timeoutMs = timeoutMs;
  }
}
