/**
 * Remembers which jobs were unfinished, so that one that leaves both lists is not lost: because it
 * ended without a new update time, because its rows are hidden for a while, or because it was deleted.
 *
 * @module
 */
import * as v from "valibot";

/** Job ids. */
const ids = v.array(v.number());

/** Unfinished jobs of the last complete poll; missing ones with the times they were asked for. */
export const runningDocument = v.object({
  highest: v.nullable(v.number()),
  running: ids,
  missing: v.array(v.tuple([v.number(), v.number()])),
});

interface Missing {
  /** How often it was asked for. */
  asked: number;
  /** When to ask next, on the monotonic clock. */
  nextMs: number;
}

/** Pause after the first question for a job; each following one is twice as long. */
const MIN_PAUSE_MS = 60_000;
/** Questions after which a job is given up: about four hours after it went missing. */
const MAX_QUESTIONS = 9;
/** Jobs that are missed at the same time. */
const MAX_MISSING = 20_000;

/** The jobs that had not ended, and those of them that are in no list any more. */
export class RunningJobs {
  /** The highest id when the last complete poll had ended; undefined = it saw no job. */
  #highest: number | undefined;
  #running: Set<number> = new Set();
  readonly #missing = new Map<number, Missing>();
  /** Highest id seen so far. */
  #seen = -1;
  #revision = 0;

  /** Grows with every change that is worth keeping. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Whether a finished job that has no record cannot have been counted and evicted: it was not
   * there when a poll last read everything, or had not ended then.
   */
  isNew(jobId: number): boolean {
    return this.wasUnfinished(jobId) || (this.#highest !== undefined && jobId > this.#highest);
  }

  /** Whether a job had not ended when a poll last read everything. */
  wasUnfinished(jobId: number): boolean {
    return this.#running.has(jobId) || this.#missing.has(jobId);
  }

  /** Notes the row of any job. */
  see(jobId: number): void {
    if (jobId > this.#seen) this.#seen = jobId;
  }

  /** Notes that a job has ended. */
  end(jobId: number): void {
    const known = this.#running.delete(jobId);
    if (this.#missing.delete(jobId) || known) this.#revision++;
  }

  /**
   * Ends a poll that has read both lists.
   *
   * @param unfinished The unfinished jobs that it has seen.
   * @returns Jobs given up because too many are missing.
   */
  endPoll(unfinished: ReadonlyMap<number, unknown>, nowMs: number): number {
    let givenUp = 0;
    for (const jobId of unfinished.keys()) {
      this.#missing.delete(jobId);
      if (!this.#running.has(jobId)) this.#revision++;
    }
    for (const jobId of this.#running) {
      if (unfinished.has(jobId) || this.#missing.has(jobId)) continue;
      this.#revision++;
      // It may have ended between the readings of the two lists: the next poll shows it then.
      if (this.#missing.size < MAX_MISSING) this.#missing.set(jobId, { asked: 0, nextMs: nowMs });
      else givenUp++;
    }
    this.#running = new Set(unfinished.keys());
    // An empty list proves nothing: the rows may be hidden.
    if (this.#seen > (this.#highest ?? -1)) {
      this.#highest = this.#seen;
      this.#revision++;
    }
    return givenUp;
  }

  /** Missing jobs that it is time to ask for. */
  due(nowMs: number, max: number): number[] {
    const due: number[] = [];
    for (const [jobId, { nextMs }] of this.#missing) {
      if (nextMs <= nowMs) due.push(jobId);
      if (due.length === max) break;
    }
    return due;
  }

  /**
   * Notes that a job was asked for and is not there.
   *
   * @returns Whether it is given up.
   */
  notFound(jobId: number, nowMs: number): boolean {
    const missing = this.#missing.get(jobId);
    if (!missing) return false;
    this.#revision++;
    missing.nextMs = nowMs + MIN_PAUSE_MS * 2 ** missing.asked++;
    if (missing.asked < MAX_QUESTIONS) return false;
    this.#missing.delete(jobId);
    return true;
  }

  serialize(): v.InferOutput<typeof runningDocument> {
    return {
      highest: this.#highest ?? null,
      running: [...this.#running],
      missing: [...this.#missing].map(([jobId, { asked }]) => [jobId, asked]),
    };
  }

  restore({ highest, running, missing }: v.InferOutput<typeof runningDocument>): void {
    this.#highest = highest ?? undefined;
    this.#running = new Set(running);
    for (const [jobId, asked] of missing) this.#missing.set(jobId, { asked, nextMs: -Infinity });
  }
}
