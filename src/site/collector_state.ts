/**
 * What is known about one collector of one site after each of its runs.
 *
 * @module
 */
/** How a run ended that did not succeed. */
export interface RunFailure {
  /** Value of the label `reason`. */
  readonly reason: string;
  /** For the log and the status page; holds no secret. */
  readonly message: string;
}

/**
 * How a run ended. `unsupported`: the release of the primary lacks what the collector reads, which is
 * no failure.
 */
export type Outcome = "ok" | "failed" | "unsupported";

/** State of one collector: a value, replaced after each run. */
export interface CollectorState {
  readonly name: string;
  /** Runs that have ended. */
  readonly runs: number;
  /** How the last run ended; undefined before the first. */
  readonly outcome: Outcome | undefined;
  /** Why the last run failed; undefined when it did not. */
  readonly failure: RunFailure | undefined;
  /** When runs began to fail, in milliseconds since the epoch; undefined while they do not. */
  readonly failingSince: number | undefined;
  /** Duration of the last run, in seconds. */
  readonly durationSeconds: number;
  /** The last successful run. */
  readonly last: LastSuccess | undefined;
  /** The last result got too old: its gauges were withdrawn. */
  readonly stale: boolean;
  /** A run has found rows. */
  readonly everHadRows: boolean;
  /**
   * When the last run ended that did not fail, in milliseconds since the epoch; it may have been before
   * a restart.
   */
  readonly lastSuccessAt: number | undefined;
  /** Failed runs so far by reason. */
  readonly errors: ReadonlyMap<string, number>;
}

/** The last successful run. What it gave was published, and is kept nowhere else. */
export interface LastSuccess {
  /** Rows read from NetBackup. */
  readonly rows: number;
  /** When it ended, in milliseconds since the epoch. */
  readonly at: number;
  /** The same on the monotonic clock: ages must not jump with the wall clock. */
  readonly monotonic: number;
  readonly durationSeconds: number;
}

/** State before the first run. */
export function initialState(name: string, reasons: readonly string[]): CollectorState {
  const errors = new Map(reasons.map((reason) => [reason, 0]));
  return {
    name,
    runs: 0,
    outcome: undefined,
    failure: undefined,
    failingSince: undefined,
    durationSeconds: 0,
    last: undefined,
    stale: false,
    everHadRows: false,
    lastSuccessAt: undefined,
    errors,
  };
}

/**
 * State before the first run of a collector that takes the place of another one of its name, with other
 * options: counters go on, and so does the age of the last success.
 */
export function stateOfSuccessor(before: CollectorState): CollectorState {
  const { name, errors, lastSuccessAt } = before;
  return { ...initialState(name, []), errors, lastSuccessAt };
}

/** State after a run that succeeded. */
export function succeeded(state: CollectorState, last: LastSuccess): CollectorState {
  const { durationSeconds, at, rows } = last;
  const everHadRows = state.everHadRows || rows > 0;
  const next = ended(state, "ok", durationSeconds);
  return { ...next, last, everHadRows, stale: false, lastSuccessAt: at };
}

/** State after a run that found that there is nothing to read: an earlier result is void. */
export function unsupported(
  state: CollectorState,
  durationSeconds: number,
  at: number,
): CollectorState {
  return {
    ...ended(state, "unsupported", durationSeconds),
    last: undefined,
    stale: false,
    lastSuccessAt: at,
  };
}

/** State after a run that failed: the last result stays. */
export function failed(
  state: CollectorState,
  failure: RunFailure,
  durationSeconds: number,
  at: number,
): CollectorState {
  const errors = new Map(state.errors);
  errors.set(failure.reason, (errors.get(failure.reason) ?? 0) + 1);
  const failingSince = state.failingSince ?? at;
  return { ...ended(state, "failed", durationSeconds), failure, failingSince, errors };
}

function ended(state: CollectorState, outcome: Outcome, durationSeconds: number): CollectorState {
  const runs = state.runs + 1;
  return { ...state, runs, outcome, durationSeconds, failure: undefined, failingSince: undefined };
}
