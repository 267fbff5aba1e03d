/**
 * Verdicts on passwords that were checked before.
 *
 * @module
 */

/** Verdicts retained of each kind. */
const MAX_VERDICTS = 100;

/**
 * Verdicts by digest. The two kinds do not share their space, so that wrong passwords cannot evict
 * the right ones; within a kind the one that was used longest ago is evicted.
 */
export class Verdicts {
  readonly #accepted = new Set<string>();
  readonly #refused = new Set<string>();

  /** The verdict, undefined when there is none. */
  get(digest: string): boolean | undefined {
    if (touch(this.#accepted, digest)) return true;
    return touch(this.#refused, digest) ? false : undefined;
  }

  /** Remembers a verdict. */
  set(digest: string, accepted: boolean): void {
    const verdicts = accepted ? this.#accepted : this.#refused;
    verdicts.add(digest);
    const [oldest] = verdicts;
    if (verdicts.size > MAX_VERDICTS && oldest !== undefined) verdicts.delete(oldest);
  }
}

/** Moves an entry to the end of the line; false when it is not there. */
function touch(verdicts: Set<string>, digest: string): boolean {
  if (!verdicts.delete(digest)) return false;
  verdicts.add(digest);
  return true;
}
