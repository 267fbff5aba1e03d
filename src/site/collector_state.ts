/**
 * What is known about one collector of one site after each of its runs.
 *
 * @module
 */
import type { CollectorResult } from "../collectors/collector.ts";

/** How a run ended that did not succeed. */
export interface RunFailure {
  /** Value of the label `reason`. */
  readonly reason: string;
  /** For the log and the landing page; holds no secret. */
  readonly message: string;
}

/** State of one collector: a value, replaced after each run. */
export interface CollectorState {
  readonly name: string;
  /** Runs that have ended. */
  readonly runs: number;
  /** Why the last run failed; undefined when it succeeded or none has ended. */
  readonly failure: RunFailure | undefined;
  /** Duration of the last run, in seconds. */
  readonly durationSeconds: number;
  /** What the last successful run gave, and when. */
  readonly last: LastSuccess | undefined;
  /** Failed runs so far by reason. */
  readonly errors: ReadonlyMap<string, number>;
}

/** The last successful run. */
export interface LastSuccess {
  readonly result: CollectorResult;
  /** When it ended, in milliseconds since the epoch. */
  readonly at: number;
  /** The same on the monotonic clock: ages must not jump with the wall clock. */
  readonly monotonic: number;
  readonly durationSeconds: number;
}

/** State before the first run. */
export function initialState(name: string, reasons: readonly string[]): CollectorState {
  const errors = new Map(reasons.map((reason) => [reason, 0]));
  return { name, runs: 0, failure: undefined, durationSeconds: 0, last: undefined, errors };
}

/** State after a run that succeeded. */
export function succeeded(state: CollectorState, last: LastSuccess): CollectorState {
  const { durationSeconds } = last;
  return { ...state, runs: state.runs + 1, failure: undefined, durationSeconds, last };
}

/** State after a run that failed: the last result stays. */
export function failed(
  state: CollectorState,
  failure: RunFailure,
  durationSeconds: number,
): CollectorState {
  const errors = new Map(state.errors);
  errors.set(failure.reason, (errors.get(failure.reason) ?? 0) + 1);
  return { ...state, runs: state.runs + 1, failure, durationSeconds, errors };
}
