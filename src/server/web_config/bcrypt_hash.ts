/**
 * bcrypt hashes: `$2y$10$`, 22 characters of salt, 31 of digest.
 *
 * @module
 */
import { createHmac } from "node:crypto";

/** The highest cost: one more doubles the time, and a scrape must not wait longer than it may. */
const MAX_COST = 16;

const FORMAT = /^\$2[aby]?\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** What is wrong with a hash, without a word of it; undefined when nothing is. */
export function bcryptHashFault(hash: string): string | undefined {
  const cost = FORMAT.exec(hash)?.[1];
  if (cost === undefined) return 'make one with "htpasswd -nBC 10 USER"';
  if (Number(cost) < 4) return "its cost is below 4";
  return Number(cost) > MAX_COST
    ? `its cost is above ${MAX_COST}: checking it takes longer than a scrape may`
    : undefined;
}

/**
 * Hashes that stand in for those of users that do not exist. A check takes as long as the cost of the
 * hash says, so an unknown user is given the cost of one of the configured users: always the same
 * one, and which one cannot be told from outside.
 */
export class DecoyHashes {
  readonly #key: Uint8Array;
  readonly #hashes: readonly string[];

  /**
   * @param hashes Valid hashes of the configured users; one or more.
   * @param key Random bytes of this process.
   */
  constructor(hashes: Iterable<string>, key: Uint8Array) {
    this.#key = key;
    this.#hashes = [...hashes].map((hash) => {
      const cost = FORMAT.exec(hash)?.[1] ?? "10";
      // No password is known that has this digest, and none would be accepted if it were.
      return `$2b$${cost}$${".".repeat(53)}`;
    });
  }

  /** The hash to check a password of this unknown user against. */
  of(user: string): string {
    const digest = createHmac("sha256", this.#key).update(user).digest();
    return this.#hashes[digest.readUInt32BE(0) % this.#hashes.length] ?? "";
  }
}
