/**
 * Whether a primary can be reached, from how the runs of all its collectors end, and how much less
 * often it is asked while it cannot.
 *
 * @module
 */
import { HttpStatusError, NetBackupError } from "../netbackup/errors.ts";
import { isKnownAsUnsupported } from "../netbackup/resource.ts";

/** A site that fails is asked at this part of its rate at the least. */
const MAX_FACTOR = 4;

/** After so many polling intervals without success the interval is twice as long, then four times. */
const DOUBLE_AFTER_INTERVALS = 1.5;
const QUADRUPLE_AFTER_INTERVALS = 3.5;

/** What is known about the contact to one primary. */
export class Contact {
  readonly #monotonic: () => number;
  #known = false;
  #workedAt = -Infinity;
  #failingSince: number | undefined;

  /** @param monotonic Milliseconds of a clock that never goes backwards. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /**
   * Whether the last contact worked, whatever it was for, or one less than a polling interval ago: a
   * primary that fails to answer one question in each cycle is not down.
   *
   * @param pollIntervalMs How often the site is polled.
   * @returns Undefined before the first contact.
   */
  ok(pollIntervalMs: number): boolean | undefined {
    if (!this.#known) return undefined;
    return this.#failingSince === undefined || this.#monotonic() - this.#workedAt < pollIntervalMs;
  }

  /** Notes that a run that asked for something ended well, or with an error that the primary gave in good order. */
  worked(): void {
    this.#known = true;
    this.#workedAt = this.#monotonic();
    this.#failingSince = undefined;
  }

  /** Notes that a run failed. */
  failed(error: unknown): void {
    // What the release lacks is mostly known without asking: then nothing was heard of the primary.
    if (isKnownAsUnsupported(error)) return;
    if (provesContact(error)) {
      this.worked();
      return;
    }
    // A fault of the exporter itself says nothing about the primary.
    if (!(error instanceof NetBackupError)) return;
    this.#known = true;
    this.#failingSince ??= this.#monotonic();
  }

  /**
   * By how much intervals are longer than configured: 1, 2 or 4.
   *
   * @param pollIntervalMs How often the site is polled.
   */
  factor(pollIntervalMs: number): number {
    if (this.#failingSince === undefined) return 1;
    const intervals = (this.#monotonic() - this.#failingSince) / pollIntervalMs;
    if (intervals < DOUBLE_AFTER_INTERVALS) return 1;
    return intervals < QUADRUPLE_AFTER_INTERVALS ? 2 : MAX_FACTOR;
  }
}

/**
 * Errors that only a primary that works can give. A server error is none of them: what stands before
 * the web services, a gateway or a load balancer, gives 502, 503 and 504 while they are down. Nor is
 * 407, which a proxy gives, or what a port gives that expects TLS: no request got to the API.
 */
function provesContact(error: unknown): boolean {
  if (!(error instanceof NetBackupError)) return false;
  if (error.reason === "proxy" || error.reason === "tls") return false;
  if (error instanceof HttpStatusError) return error.status >= 400 && error.status < 429;
  return ["forbidden", "unsupported", "paging", "too_large"].includes(error.reason);
}
