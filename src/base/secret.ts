/**
 * A value that must not be seen.
 *
 * @module
 */
import { inspect } from "node:util";

/** What stands where a secret would. */
export const REDACTED = "[redacted]";

/** A secret text. However it is printed, `[redacted]` comes out; only `reveal()` gives the text. */
export class Secret {
  readonly #text: string;

  /** @param text The secret itself. */
  constructor(text: string) {
    this.#text = text;
    Object.freeze(this);
  }

  /** The text itself: call it only where the secret is put to use. */
  reveal(): string {
    return this.#text;
  }

  /** True when both hold the same text. */
  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  get [Symbol.toStringTag](): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [Symbol.for("Deno.customInspect")](): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
