/**
 * Checks passwords against bcrypt hashes. A check takes tens of milliseconds of CPU time by design,
 * so verdicts are remembered, and whoever sends wrong passwords cannot take the CPU from the rest.
 *
 * @module
 */
import { compare as bcryptCompare } from "bcryptjs";
import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import { Verdicts } from "./verdicts.ts";

/** Result of a check; `busy` when too many others wait. */
export type PasswordVerdict = "accepted" | "refused" | "busy";

/** Checks that run or wait for their turn; a further one is turned away. */
const MAX_CHECKS = 9;

/** What the checker needs. */
export interface PasswordCheckerOptions {
  readonly clock: Clock;
  /** @default {bcryptjs' `compare`} */
  readonly compare?: (password: string, hash: string) => Promise<boolean>;
}

/** Checks one password at a time. */
export class PasswordChecker {
  /** Random bytes of this process, for digests that nobody outside can compute. */
  readonly key: Uint8Array = randomBytes(32);
  readonly #clock: Clock;
  readonly #compare: (password: string, hash: string) => Promise<boolean>;
  readonly #verdicts = new Verdicts();
  /** Checks that wait or run, so that equal requests share one. */
  readonly #checks = new Map<string, Promise<PasswordVerdict>>();
  #last: Promise<void> = Promise.resolve();
  #restUntil = -Infinity;

  constructor({ clock, compare = bcryptCompare }: PasswordCheckerOptions) {
    this.#clock = clock;
    this.#compare = compare;
  }

  /**
   * Checks a password.
   *
   * @param known Whether the user exists; the verdict on one that does not is `refused`, after the
   * same work.
   * @param hash Hash of the user, or one of the same cost in its place.
   */
  check(
    user: string,
    password: string,
    hash: string,
    known: boolean,
  ): PasswordVerdict | Promise<PasswordVerdict> {
    const digest = this.#digest(user, hash, password);
    const verdict = this.#verdicts.get(digest);
    if (verdict !== undefined) return verdict ? "accepted" : "refused";
    const running = this.#checks.get(digest);
    if (running) return running;
    if (this.#checks.size >= MAX_CHECKS) return "busy";
    const check = this.#inTurn(async () => {
      const accepted = await this.#compare(password, hash) && known;
      this.#verdicts.set(digest, accepted);
      return accepted;
    }).finally(() => this.#checks.delete(digest));
    this.#checks.set(digest, check);
    return check;
  }

  async #inTurn(work: () => Promise<boolean>): Promise<PasswordVerdict> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = promise;
    await before;
    // After a wrong password the checks rest as long as it took: half of the time is for others.
    const restMs = this.#restUntil - this.#clock.monotonic();
    if (restMs > 0) await this.#clock.sleep(restMs);
    const started = this.#clock.monotonic();
    try {
      const accepted = await work();
      const ended = this.#clock.monotonic();
      if (!accepted) this.#restUntil = ended + (ended - started);
      return accepted ? "accepted" : "refused";
    } finally {
      resolve();
    }
  }

  /** Stands for a user, a hash and a password. The secret key makes the lookup tell nothing. */
  #digest(user: string, hash: string, password: string): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of [user, hash]) hmac.update(`${part.length}:${part}`);
    return hmac.update(password).digest("base64");
  }
}
