/**
 * One collector of one site on its schedule: when it runs, how its runs end, and when its last result
 * is too old.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { messageOf } from "../base/message_of.ts";
import { linkSignals } from "../base/signals.ts";
import type { Collector, CollectorResult, SavedTimes } from "../collectors/collector.ts";
import { limitSeries } from "../metrics/limit_series.ts";
import type { MetricFamily } from "../metrics/types.ts";
import { EndpointUnsupportedError } from "../netbackup/resource.ts";
import type { Logger } from "../telemetry/logger.ts";
import { describeFailure } from "./collector_run.ts";
import {
  type CollectorState,
  failed,
  type RunFailure,
  succeeded,
  unsupported,
} from "./collector_state.ts";
import { type CollectorPlan, staleAfterMs } from "./plan.ts";
import type { RunLog } from "./run_log.ts";

/** A collector with its state, as it goes from one site object to the next of the same primary. */
export interface CollectorHandover {
  readonly collector: Collector;
  readonly state: CollectorState;
  /** What it was last told to do. */
  readonly plan: CollectorPlan;
  /** What was logged of it: a failure that lasts is no new one after a reload. */
  readonly log: RunLog;
}

/** How a run ended, as far as it tells whether the primary can be reached. */
export interface RunEnd {
  /** What it threw; undefined when it went well. */
  readonly error: unknown;
  /** See `CollectorResult.asked`; true of a run that failed, whose error tells more. */
  readonly asked: boolean;
}

/** What a task needs of its site. */
export interface TaskOptions extends CollectorHandover {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Runs the collector once, within a signal. */
  readonly run: (task: CollectorTask, signal: AbortSignal) => Promise<CollectorResult>;
  /** By how much the interval is longer than planned, for now. */
  readonly factor: () => number;
  /** A run has ended. The state is the new one. */
  readonly onRun: (task: CollectorTask, end: RunEnd) => void;
  /** Whether another collector of the site has the same trouble and was logged for it. */
  readonly isKnown: (failure: RunFailure) => boolean;
  /** A run gave this, within the bounds on series. */
  readonly onResult: (task: CollectorTask, result: CollectorResult) => void;
  /** The counters as they were kept across restarts, within the bounds on series. */
  readonly onRestored: (task: CollectorTask, cumulative: readonly MetricFamily[]) => void;
  /** The last result is too old, or void: its gauges are to be withdrawn. */
  readonly onWithdraw: (task: CollectorTask) => void;
  /** Series of a metric were left out. */
  readonly onDropped: (metric: string, series: number) => void;
}

/** A run that overran leaves the primary a moment's rest, in milliseconds. */
const REST_MS = 1000;

/** A collector that is run again and again, from `start()` to `end()`. */
export class CollectorTask {
  readonly collector: Collector;
  readonly #options: TaskOptions;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #cancelWithdrawal = (): void => {};
  #run: AbortController | undefined;
  #loop: Promise<void> = Promise.resolve();
  readonly #log: RunLog;
  #plan: CollectorPlan;
  #state: CollectorState;
  /** When the next run is due, on the monotonic clock; undefined while one goes on. */
  #due: number | undefined;
  /** The next run is not to wait for its interval. */
  #runsSoon = false;

  constructor(options: TaskOptions) {
    this.#log = options.log;
    this.collector = options.collector;
    this.#options = options;
    this.#plan = options.plan;
    this.#state = options.state;
  }

  get plan(): CollectorPlan {
    return this.#plan;
  }

  get state(): CollectorState {
    return this.#state;
  }

  /** Whether a run is going on. */
  get running(): boolean {
    return this.#run !== undefined;
  }

  /** Time until the next run, in milliseconds; undefined while one goes on or none will come. */
  get nextRunInMs(): number | undefined {
    if (this.#due === undefined || this.#stopped) return undefined;
    return Math.max(0, this.#due - this.#options.clock.monotonic());
  }

  /**
   * Restores what was kept across restarts, before the first run. Never throws.
   *
   * @param saved When it last succeeded; undefined = nothing is known of that.
   */
  async restore(saved: SavedTimes | undefined): Promise<void> {
    if (this.#state.runs > 0) return;
    if (saved) this.#state = { ...this.#state, lastSuccessAt: saved.successMs };
    try {
      const cumulative = await this.collector.restore?.(saved?.parts ?? {});
      if (!cumulative || this.#state.runs > 0 || this.#stopped) return;
      this.#options.onRestored(this, cumulative.map((family) => this.#limit(family)));
    } catch (error) {
      this.#options.logger.warn("cannot restore saved state", { error });
    }
  }

  /**
   * Begins to run.
   *
   * @param delayMs When to run first, from now.
   */
  start(delayMs: number): void {
    this.#armWithdrawal();
    this.#loop = this.#runOnAndOn(delayMs);
  }

  /** Changes interval, limits and options, from the next run on. */
  replan(plan: CollectorPlan): void {
    this.#plan = plan;
    this.collector.reconfigure?.(plan.options);
    this.wake();
    this.#armWithdrawal();
  }

  /** Has the time of the next run worked out anew. */
  wake(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  /** Begins the next run at once, after a moment's rest. */
  runSoon(): void {
    this.#runsSoon = true;
    this.wake();
  }

  /** Begins no further run; one that is going on goes on. */
  stop(): void {
    this.#stop.abort();
    this.#cancelWithdrawal();
  }

  /** Ends the run that is going on, if there is one. */
  abort(reason: unknown): void {
    this.#run?.abort(reason);
  }

  /**
   * Stops, ends the run that is going on, and has the collector keep what is to survive a restart.
   * Nothing of the task goes on when this has settled.
   */
  async end(reason: unknown): Promise<void> {
    this.stop();
    this.abort(reason);
    await this.#loop;
    await this.collector.flush?.(this.#options.logger);
  }

  /** The collector with what it knows, for the next task of the same primary. */
  handOver(): CollectorHandover {
    return { collector: this.collector, state: this.#state, plan: this.#plan, log: this.#log };
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #runOnAndOn(delayMs: number): Promise<void> {
    const { clock } = this.#options;
    this.#due = clock.monotonic() + delayMs;
    try {
      await clock.sleep(delayMs, this.#stop.signal);
      while (!this.#stopped) {
        const started = clock.monotonic();
        await this.#runOnce();
        await this.#untilNextRun(started);
      }
    } catch (error) {
      if (!this.#stopped) throw error;
    }
  }

  async #untilNextRun(started: number): Promise<void> {
    const { clock, factor } = this.#options;
    const ended = clock.monotonic();
    while (!this.#stopped) {
      const interval = this.#runsSoon ? 0 : this.#plan.intervalMs * factor();
      const due = Math.max(started + interval, ended + Math.min(this.#plan.intervalMs, REST_MS));
      this.#due = due;
      const wake = this.#wake.signal;
      using wait = linkSignals(this.#stop.signal, wake);
      try {
        await clock.sleep(due - clock.monotonic(), wait.signal);
        return;
      } catch (error) {
        if (this.#stopped || !wake.aborted) throw error;
      }
    }
  }

  async #runOnce(): Promise<void> {
    const { clock, run, onRun, onResult } = this.#options;
    const own = new AbortController();
    this.#run = own;
    this.#due = undefined;
    this.#runsSoon = false;
    const started = clock.monotonic();
    const seconds = () => (clock.monotonic() - started) / 1000;
    let end: RunEnd;
    try {
      const result = this.#limited(await run(this, own.signal));
      if (this.#stopped) return;
      const { rows, asked = true } = result;
      const durationSeconds = seconds();
      this.#log.success(rows, durationSeconds);
      const last = { rows, at: clock.now(), monotonic: clock.monotonic(), durationSeconds };
      this.#state = succeeded(this.#state, last);
      onResult(this, result);
      end = { error: undefined, asked };
    } catch (error) {
      if (this.#stopped) return;
      end = { error, asked: true };
      this.#fail(error, seconds());
    } finally {
      this.#run = undefined;
    }
    this.#armWithdrawal();
    onRun(this, end);
  }

  #fail(error: unknown, durationSeconds: number): void {
    const { clock, isKnown } = this.#options;
    const message = messageOf(error);
    if (error instanceof EndpointUnsupportedError) {
      this.#log.unsupported(message, durationSeconds);
      this.#state = unsupported(this.#state, durationSeconds, clock.now());
      this.#options.onWithdraw(this);
      return;
    }
    const failure = describeFailure(error);
    this.#log.failure(failure, error, durationSeconds, isKnown(failure));
    this.#state = failed(this.#state, failure, durationSeconds, clock.now());
  }

  /** The result within the bounds on series. */
  #limited(result: CollectorResult): CollectorResult {
    const { onDropped } = this.#options;
    for (const [metric, series] of result.repeated ?? []) onDropped(metric, series);
    return {
      ...result,
      families: result.families.map((family) => this.#limit(family)),
      cumulative: result.cumulative.map((family) => this.#limit(family)),
    };
  }

  #limit(family: MetricFamily): MetricFamily {
    const { name, maxSeries } = family.definition;
    const limited = limitSeries(family, this.#plan.maxSeries ?? maxSeries);
    if (limited.dropped > 0) this.#options.onDropped(name, limited.dropped);
    return limited.family;
  }

  /** How much longer the last result may be shown, in milliseconds. */
  #freshForMs(): number {
    const { last } = this.#state;
    if (!last) return 0;
    const lifetime = staleAfterMs(this.#plan, last.durationSeconds * 1000);
    return last.monotonic + lifetime - this.#options.clock.monotonic();
  }

  /** A result gets too old without anything happening: a timer tells. */
  #armWithdrawal(): void {
    this.#cancelWithdrawal();
    const left = this.#freshForMs();
    if (this.#state.stale || !this.#state.last || this.#stopped) return;
    this.#cancelWithdrawal = this.#options.clock.after(left, () => {
      this.#state = { ...this.#state, stale: true };
      this.#log.withdrawn();
      this.#options.onWithdraw(this);
    });
  }
}
