/**
 * What all errors of the client have in common.
 *
 * @module
 */
import type { ErrorReason } from "./reasons.ts";

/** What every error of the client knows. */
export interface NetBackupErrorOptions {
  readonly reason: ErrorReason;
  readonly site: string;
  /** Path template, `/admin/jobs`; empty where no endpoint is meant. */
  readonly endpoint: string;
  /** Never with a secret in it. */
  readonly cause?: unknown;
}

/** Where an error happened. */
export interface ErrorPlace {
  readonly site: string;
  /** Path template, `/admin/jobs`. */
  readonly endpoint: string;
  /** @default "GET" */
  readonly method?: "GET" | "POST";
}

/** Base of all errors of the client. */
export class NetBackupError extends Error {
  override readonly name: string = "NetBackupError";
  readonly reason: ErrorReason;
  readonly site: string;
  readonly endpoint: string;
  /** Whether the same request may work a little later. */
  readonly retryable: boolean = false;
  #attempt: number | undefined;

  constructor(message: string, options: NetBackupErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = options.reason;
    this.site = options.site;
    this.endpoint = options.endpoint;
  }

  /** Number of the attempt that failed, from 1; undefined where none was made. */
  get attempt(): number | undefined {
    return this.#attempt;
  }

  /** Says which attempt failed, which the code that fails does not know. */
  setAttempt(attempt: number): void {
    this.#attempt = attempt;
  }

  /** Adds to the message, for what is known only after the error was made. */
  addNote(note: string): void {
    this.message += `; ${note}`;
  }
}

/** Method and path template, `POST /admin/jobs-count-requests`. */
export function methodAndPath({ method = "GET", endpoint }: ErrorPlace): string {
  return `${method} ${endpoint}`;
}

/** The request that failed, in words. */
export function at(place: ErrorPlace): string {
  return `${methodAndPath(place)} of site "${place.site}"`;
}

/** A message with what to do about it, as far as there is something to do. */
export function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}
