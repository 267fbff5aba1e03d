/**
 * A clock that moves only when it is told to.
 *
 * @module
 */
import { type Clock, sleepBy } from "../../src/base/clock.ts";

/** A `Clock` under the control of a test. */
export interface FakeClock extends Clock {
  /**
   * Moves time forward, firing what falls due in order, and lets the program react after each.
   *
   * @param milliseconds How far; 0 only lets the program react.
   */
  advance(milliseconds: number): Promise<void>;
  /** Sleeps and calls that are not yet due. */
  readonly pending: number;
  /** How long all that ever waited was to wait, in milliseconds, in order. */
  readonly sleeps: readonly number[];
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Lets everything that is ready run: promise chains, and what they put into the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Makes a clock that stands still.
 *
 * @param startMs Its wall clock time; 2026-01-01T00:00:00Z unless told otherwise.
 * @param react Lets the program react before time moves on.
 */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1), react = settle): FakeClock {
  let elapsed = 0;
  const sleepers = new Set<Sleeper>();
  const sleeps: number[] = [];

  const nextDue = (limit: number): Sleeper | undefined => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.due <= limit && (first === undefined || sleeper.due < first.due)) first = sleeper;
    }
    return first;
  };

  const after = (milliseconds: number, callback: () => void): () => void => {
    sleeps.push(milliseconds);
    let wake: (() => void) | undefined = callback;
    const sleeper = { due: elapsed + milliseconds, wake: () => wake?.() };
    if (milliseconds > 0) sleepers.add(sleeper);
    else queueMicrotask(sleeper.wake);
    return () => {
      wake = undefined;
      sleepers.delete(sleeper);
    };
  };

  return {
    now: () => startMs + elapsed,
    monotonic: () => elapsed,
    get pending() {
      return sleepers.size;
    },
    sleeps,
    after,
    sleep: sleepBy(after),
    async advance(milliseconds) {
      const target = elapsed + milliseconds;
      await react();
      for (let sleeper = nextDue(target); sleeper; sleeper = nextDue(target)) {
        sleepers.delete(sleeper);
        elapsed = Math.max(elapsed, sleeper.due);
        sleeper.wake();
        await react();
      }
      elapsed = target;
      await react();
    },
  };
}
