/**
 * The backups of one client by one policy and schedule type, run by run: a backup in several streams
 * is one run of several jobs below one parent.
 *
 * @module
 */
import * as v from "valibot";
import type { Completion } from "../../ledger/completions.ts";

/** Jobs of one run that are told apart; a backup has a few dozen streams at most. */
const MAX_STREAMS = 500;
/** Sizes of earlier runs that the last one is compared with. */
const MAX_SIZES = 9;
/** Fewer sizes than this have no median worth the name. */
const MIN_SIZES = 3;

const integer = v.pipe(v.number(), v.integer());
const amount = v.pipe(v.number(), v.minValue(0));

/** A `ClientRuns` in a checkpoint. */
export const clientRunsDocument = v.object({
  lastSuccessMs: amount,
  failures: v.pipe(integer, v.minValue(0)),
  sizes: v.pipe(v.array(amount), v.maxLength(MAX_SIZES)),
  run: v.nullable(v.object({
    id: integer,
    firstEndMs: amount,
    lastEndMs: amount,
    done: v.boolean(),
    parentFailed: v.boolean(),
    /** Job id, bytes and whether it failed. */
    streams: v.pipe(v.array(v.tuple([integer, amount, v.boolean()])), v.maxLength(MAX_STREAMS)),
  })),
});

/** See `clientRunsDocument`. */
export type ClientRunsDocument = v.InferOutput<typeof clientRunsDocument>;

interface CurrentRun {
  /** Id of the parent job, or of the job itself where it has none. */
  readonly id: number;
  readonly firstEndMs: number;
  lastEndMs: number;
  /** Its parent has ended, so that no further stream will come. */
  done: boolean;
  parentFailed: boolean;
  /** By job id: a job that is resumed replaces what it was. */
  readonly streams: Map<number, { readonly bytes: number; readonly failed: boolean }>;
}

/** Whether a job left no backup that can be restored from: some files skipped (status 1) is none. */
export function hasFailed({ status }: Pick<Completion, "status">): boolean {
  return status !== 0 && status !== 1;
}

/** Runs of one client; the last of them, and what is left of those before. */
export class ClientRuns {
  /** Before the current run. */
  #lastSuccessMs = 0;
  #failures = 0;
  readonly #sizes: number[] = [];
  #run: CurrentRun | undefined;

  /** When the last successful run ended, in milliseconds since the epoch; 0 = there was none. */
  get lastSuccessMs(): number {
    const run = this.#run;
    return run?.done && !isFailed(run) ? run.lastEndMs : this.#lastSuccessMs;
  }

  /** Runs that have failed since the last success. */
  get failures(): number {
    const run = this.#run;
    if (!run?.done) return this.#failures;
    return isFailed(run) ? this.#failures + 1 : 0;
  }

  /** The run that has jobs to come; undefined when its parent has ended. */
  get openRun(): number | undefined {
    return this.#run?.done === false ? this.#run.id : undefined;
  }

  /** When the last job ended, in milliseconds since the epoch. */
  get lastEndMs(): number {
    return this.#run?.lastEndMs ?? this.#lastSuccessMs;
  }

  /**
   * The size of the last successful run, divided by the median of those before.
   *
   * @returns Undefined where too few of them are known, or the median is 0.
   */
  get sizeRatio(): number | undefined {
    const run = this.#run;
    const current = run?.done && !isFailed(run) ? [bytesOf(run)] : [];
    const sizes = [...this.#sizes, ...current];
    const last = sizes.pop();
    if (last === undefined || sizes.length < MIN_SIZES) return undefined;
    const median = medianOf(sizes);
    return median > 0 ? last / median : undefined;
  }

  /**
   * Takes in a backup job without jobs below it.
   *
   * @param done Whether its parent has ended, if it has one.
   */
  observe(completion: Completion, done: boolean): void {
    const { jobId, parentJobId, level, bytes, startMs = Infinity, endMs } = completion;
    const id = level === "root" ? jobId : parentJobId;
    let run = this.#run;
    if (run?.id !== id) {
      // A job of an earlier run that became visible late, or was resumed, tells nothing new.
      const isEarlier = run && (endMs < run.firstEndMs || id < run.id && startMs < run.firstEndMs);
      if (isEarlier) return;
      this.#fold();
      const streams = new Map();
      run = { id, firstEndMs: endMs, lastEndMs: endMs, done, parentFailed: false, streams };
      this.#run = run;
    }
    run.lastEndMs = Math.max(run.lastEndMs, endMs);
    run.done ||= done;
    if (run.streams.size < MAX_STREAMS || run.streams.has(jobId)) {
      run.streams.set(jobId, { bytes, failed: hasFailed(completion) });
    }
  }

  /** The parent of a run has ended. One that failed while its jobs did not has failed for itself. */
  endRun(id: number, failed: boolean): void {
    if (this.#run?.id !== id) return;
    this.#run.done = true;
    this.#run.parentFailed = failed;
  }

  /** The runs as a value for JSON. */
  serialize(): ClientRunsDocument {
    const run = this.#run;
    return {
      lastSuccessMs: this.#lastSuccessMs,
      failures: this.#failures,
      sizes: [...this.#sizes],
      run: run
        ? {
          ...run,
          streams: [...run.streams].map(([jobId, { bytes, failed }]) => [jobId, bytes, failed]),
        }
        : null,
    };
  }

  /** Restores what was serialized. */
  restore({ lastSuccessMs, failures, sizes, run }: ClientRunsDocument): void {
    this.#lastSuccessMs = lastSuccessMs;
    this.#failures = failures;
    this.#sizes.splice(0, Infinity, ...sizes);
    this.#run = run
      ? {
        ...run,
        streams: new Map(run.streams.map(([jobId, bytes, failed]) => [jobId, { bytes, failed }])),
      }
      : undefined;
  }

  /** The current run becomes one of those before; nothing more is expected of it. */
  #fold(): void {
    const run = this.#run;
    if (!run) return;
    run.done = true;
    const { failures, lastSuccessMs } = this;
    if (!isFailed(run)) this.#sizes.push(bytesOf(run));
    if (this.#sizes.length > MAX_SIZES) this.#sizes.shift();
    this.#failures = failures;
    this.#lastSuccessMs = lastSuccessMs;
  }
}

function isFailed({ parentFailed, streams }: CurrentRun): boolean {
  return parentFailed || streams.values().some(({ failed }) => failed);
}

function bytesOf({ streams }: CurrentRun): number {
  return streams.values().reduce((sum, { bytes }) => sum + bytes, 0);
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}
