/**
 * One NetBackup primary: its client, its collectors on their schedules, its latest snapshot.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { Collector } from "../collectors/collector.ts";
import type { SiteConfig } from "../config/types.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { CloseOptions, NetBackupClient } from "../netbackup/api.ts";
import { ERROR_REASONS } from "../netbackup/errors.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { describeFailure, INTERNAL_REASON, runCollector } from "./collector_run.ts";
import {
  type CollectorState,
  failed,
  initialState,
  type LastSuccess,
  succeeded,
} from "./collector_state.ts";
import { BadKeyError, SiteClosedError } from "./errors.ts";
import { budgetOf, intervalOf, type Schedule, staleAfterOf } from "./schedule.ts";
import { createSessionHolder, type SessionHolder } from "./session.ts";
import { type CollectorView, isUp, snapshotFamilies } from "./snapshot.ts";

/** What a site is made of. */
export interface SiteOptions {
  readonly config: SiteConfig;
  readonly schedule: Schedule;
  /** The site owns it from now on: it is closed with the site. */
  readonly client: NetBackupClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
  /** When to poll first, in milliseconds from `start()`: sites do not all begin at once. */
  readonly firstPollDelayMs: number;
  /** Called after each change of what `families()` and `status()` give. */
  readonly onChange: () => void;
  /** The collectors and what they know already. */
  readonly collectors: readonly CollectorHandover[];
}

/** A collector with its state, as it goes from one site object to the next of the same primary. */
export interface CollectorHandover {
  readonly collector: Collector;
  readonly state: CollectorState;
}

/** A site as the landing page shows it. */
export interface SiteSummary {
  readonly site: string;
  /** Undefined until known. */
  readonly up: boolean | undefined;
  readonly version: string | undefined;
  /** Every collector has ended its first run. */
  readonly firstCycleEnded: boolean;
  readonly collectors: readonly CollectorState[];
}

/** A collector that has not run. */
export function freshCollector(collector: Collector): CollectorHandover {
  const reasons = [...ERROR_REASONS, INTERNAL_REASON];
  return { collector, state: initialState(collector.name, reasons) };
}

interface Entry {
  readonly collector: Collector;
  state: CollectorState;
}

/** One NetBackup primary, polled from `start()` to `close()`. */
export class Site {
  readonly config: SiteConfig;
  readonly #options: SiteOptions;
  readonly #session: SessionHolder;
  readonly #entries: readonly Entry[];
  /** Ends waits for the next poll. */
  readonly #waits = new AbortController();
  /** Ends runs. */
  readonly #runs = new AbortController();
  readonly #running = new Set<AbortController>();
  #schedule: Schedule;
  #scheduleChanged = new AbortController();
  #withdrawal: AbortController | undefined;
  #loops: Promise<void> = Promise.resolve();

  constructor(options: SiteOptions) {
    const { config, client, clock, logger, schedule } = options;
    this.config = config;
    this.#options = options;
    this.#schedule = schedule;
    this.#entries = options.collectors.map(({ collector, state }) => ({ collector, state }));
    this.#session = createSessionHolder({
      site: config.site,
      client,
      clock,
      logger,
      configuredVersion: config.apiVersion,
      refusalMs: schedule.collectionIntervalMs / 2,
    });
  }

  /**
   * Begins to poll.
   *
   * @param after Waits for this first: the same collectors must not run for another site object.
   */
  start(after: Promise<void> = Promise.resolve()): void {
    this.#loops = after
      .then(() => Promise.all(this.#entries.map((entry) => this.#loop(entry))))
      .then(() => {});
  }

  /** Changes intervals and window from the next poll on. */
  reschedule(schedule: Schedule): void {
    this.#schedule = schedule;
    this.#scheduleChanged.abort();
    this.#scheduleChanged = new AbortController();
    this.#changed();
  }

  /** The families of the latest snapshot. */
  families(): MetricFamily[] {
    return snapshotFamilies({
      site: this.config.site,
      version: this.#session.version,
      insecureSkipVerify: this.config.insecureSkipVerify,
      collectors: this.#views(),
    });
  }

  /** What changes while a poll goes on. */
  liveFamilies(): MetricFamily[] {
    return this.#entries.flatMap(({ collector }) => [...collector.liveFamilies?.() ?? []]);
  }

  /** What the landing page and the health routes show. */
  summary(): SiteSummary {
    return {
      site: this.config.site,
      up: isUp(this.#views()),
      version: this.#session.version,
      firstCycleEnded: this.#entries.every((entry) => entry.state.runs > 0),
      collectors: this.#entries.map((entry) => entry.state),
    };
  }

  /** The collectors with what they know, for the next site object of the same primary. */
  handOver(): CollectorHandover[] {
    return this.#entries.map(({ collector, state }) => ({ collector, state }));
  }

  /**
   * Ends polling: no new run begins, requests in flight may end until the time is up, then they are
   * aborted. Nothing of this site goes on when it has settled.
   *
   * @param options How long to wait, and what cuts the waiting short.
   */
  async close(options: CloseOptions): Promise<void> {
    const closed = new SiteClosedError(this.config.site);
    this.#waits.abort(closed);
    this.#withdrawal?.abort();
    await this.#options.client.close(options);
    this.#runs.abort(closed);
    await this.#loops;
    for (const { collector } of this.#entries) await collector.flush?.(this.#options.logger);
  }

  get #closed(): boolean {
    return this.#waits.signal.aborted;
  }

  #views(): CollectorView[] {
    return this.#entries.map(({ state }) => ({ state, stale: this.#isStale(state) }));
  }

  #isStale(state: CollectorState): boolean {
    return state.last !== undefined && this.#freshForMs(state, state.last) <= 0;
  }

  /** How much longer a result may be shown, in milliseconds. */
  #freshForMs(state: CollectorState, last: LastSuccess): number {
    const lifetime = staleAfterOf(this.#schedule, state.name, last.durationSeconds * 1000);
    return last.monotonic + lifetime - this.#options.clock.monotonic();
  }

  async #loop(entry: Entry): Promise<void> {
    const { clock, firstPollDelayMs } = this.#options;
    try {
      await clock.sleep(firstPollDelayMs, this.#waits.signal);
      while (!this.#closed) {
        const started = clock.monotonic();
        await this.#run(entry);
        await this.#untilNextRun(entry, started);
      }
    } catch (error) {
      if (!this.#closed) throw error;
    }
  }

  async #untilNextRun(entry: Entry, started: number): Promise<void> {
    const { clock } = this.#options;
    const ended = clock.monotonic();
    while (true) {
      const regular = intervalOf(this.#schedule, entry.collector.name);
      const poll = this.#schedule.collectionIntervalMs;
      // A failed result is not reused, and a run that overran leaves the primary a moment's rest.
      const interval = entry.state.failure ? poll : regular;
      const due = Math.max(started + interval, ended + Math.min(poll, 1000));
      const rescheduled = this.#scheduleChanged.signal;
      try {
        await clock.sleep(
          due - clock.monotonic(),
          AbortSignal.any([this.#waits.signal, rescheduled]),
        );
        return;
      } catch (error) {
        if (this.#closed || !rescheduled.aborted) throw error;
      }
    }
  }

  async #run(entry: Entry): Promise<void> {
    const { config, clock, tracing } = this.#options;
    const logger = this.#options.logger.with({ collector: entry.collector.name });
    const own = new AbortController();
    this.#running.add(own);
    const started = clock.monotonic();
    const seconds = () => (clock.monotonic() - started) / 1000;
    try {
      const result = await runCollector({
        site: config.site,
        collector: entry.collector,
        session: this.#session,
        clock,
        logger,
        tracing,
        windowMs: this.#schedule.windowMs,
        budgetMs: budgetOf(this.#schedule),
        signal: AbortSignal.any([this.#runs.signal, own.signal]),
      });
      if (this.#closed) return;
      const recovered = entry.state.failure !== undefined;
      const durationSeconds = seconds();
      const at = clock.now();
      const last = { result, at, monotonic: clock.monotonic(), durationSeconds };
      entry.state = succeeded(entry.state, last);
      const fields = { rows: result.rows, seconds: durationSeconds };
      if (recovered) logger.info("collection works again", fields);
      else logger.debug("collected", fields);
    } catch (error) {
      if (this.#closed) return;
      // A bad key is bad for all: the others stop before they try it as well.
      if (error instanceof BadKeyError) this.#endOtherRuns(own, error);
      const failure = describeFailure(error);
      const repeated = entry.state.failure?.message === failure.message;
      entry.state = failed(entry.state, failure, seconds());
      const fields = { reason: failure.reason, error, seconds: seconds() };
      if (repeated) logger.debug("collection failed again", fields);
      else logger.warn("collection failed", fields);
    } finally {
      this.#running.delete(own);
    }
    this.#changed();
  }

  #endOtherRuns(own: AbortController, error: BadKeyError): void {
    for (const run of this.#running) if (run !== own) run.abort(error);
  }

  #changed(): void {
    if (this.#closed) return;
    this.#armWithdrawal();
    this.#options.onChange();
  }

  /** Results get too old without anything happening: a timer publishes the change. */
  #armWithdrawal(): void {
    this.#withdrawal?.abort();
    const ages = this.#entries
      .map(({ state }) => state.last ? this.#freshForMs(state, state.last) : 0)
      .filter((age) => age > 0);
    if (ages.length === 0) return;
    const armed = new AbortController();
    this.#withdrawal = armed;
    this.#options.clock.sleep(Math.min(...ages), armed.signal).then(
      () => this.#changed(),
      () => {}, // Armed anew, or closed.
    );
  }
}
