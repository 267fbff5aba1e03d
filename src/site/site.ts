/**
 * One NetBackup primary: its client, its collectors on their schedules, and what they publish.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { linkSignals } from "../base/signals.ts";
import type { Collector, CollectorResult } from "../collectors/collector.ts";
import type { SiteConfig } from "../config/types.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { CloseOptions, NetBackupClient } from "../netbackup/api.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { RUN_REASONS, runCollector } from "./collector_run.ts";
import { initialState, type RunFailure, stateOfSuccessor } from "./collector_state.ts";
import { type CollectorHandover, CollectorTask, type RunEnd } from "./collector_task.ts";
import { Contact } from "./contact.ts";
import { EndpointSupport } from "./endpoint_support.ts";
import { SiteRecord } from "./findings/site_record.ts";
import { BadKeyError, SiteClosedError } from "./errors.ts";
import { FailedRuns } from "./failed_runs.ts";
import { type CollectorView, healthFamilies, isUp } from "./health.ts";
import { type CollectorPlan, sameOptions, sameSchedule, type SitePlan } from "./plan.ts";
import type { RequestStats } from "./request_stats.ts";
import { restoreSite } from "./restore.ts";
import { RunLog } from "./run_log.ts";
import type { RunTimes } from "./run_times.ts";
import { createSessionHolder, type SessionHolder } from "./session.ts";
import { type Publisher, SitePublisher } from "./site_publisher.ts";
import { downSince, queueOf, type SiteSummary, summarizeCollector } from "./summary.ts";

/** What a site is made of. */
export interface SiteOptions {
  readonly config: SiteConfig;
  readonly plan: SitePlan;
  /** The site owns it from now on: it is closed with the site. */
  readonly client: NetBackupClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly publisher: Publisher;
  /** Figures of the client; they outlive the site. */
  readonly stats: RequestStats;
  /** Makes a collector that nothing was handed over of. */
  readonly createCollector: (plan: CollectorPlan) => Collector;
  /** Series of a metric were left out. */
  readonly onDropped: (metric: string, series: number) => void;
  /** All first runs begin at once, for whoever collects only once. @default {false} */
  readonly unspread?: boolean | undefined;
  /** When its collectors last succeeded, across restarts too; undefined = that is kept nowhere. */
  readonly runTimes?: RunTimes | undefined;
  /** What the site before this one knows, of the same primary. */
  readonly handover?: SiteHandover | undefined;
}

/** What goes from one site object to the next of the same primary. */
export interface SiteHandover {
  readonly collectors: readonly CollectorHandover[];
  readonly contact: Contact;
  readonly record: SiteRecord;
  readonly support: EndpointSupport;
  /** API version in use; undefined when it is not known. */
  readonly version: string | undefined;
}

/** First runs of collectors that are no main ones begin within this time, in milliseconds. */
const FIRST_RUNS_WITHIN_MS = 30_000;

/** Reasons of failures that concern the primary as a whole. */
const SITE_REASONS: readonly string[] = [
  "config",
  "proxy",
  "dns",
  "connect",
  "tls",
  "network",
  "timeout",
  "auth",
  "rate_limited",
];

/** One NetBackup primary, polled from `start()` to `close()`. */
export class Site {
  readonly config: SiteConfig;
  readonly #options: SiteOptions;
  readonly #session: SessionHolder;
  readonly #contact: Contact;
  readonly #support: EndpointSupport;
  readonly #record: SiteRecord;
  readonly #published: SitePublisher;
  readonly #failedRuns = new FailedRuns();
  /** Ends all runs. */
  readonly #runs = new AbortController();
  readonly #tasks = new Map<string, CollectorTask>();
  /** Collectors that were switched off and have not ended yet. */
  readonly #ending = new Set<Promise<void>>();
  /** Collectors of the site before this one that do not go on. */
  readonly #discontinued: readonly Collector[];
  #plan: SitePlan;
  #started = false;
  /**
   * What was kept across restarts is still to be read: until then nothing is said to be unknown.
   */
  #restoring = false;
  #polling = false;
  /** API version when a run ended last. */
  #version: string | undefined;
  #closed = false;
  #liveLooks = 0;

  constructor(options: SiteOptions) {
    const { handover, ...rest } = options;
    const { config, client, clock, logger, plan } = rest;
    this.config = config;
    // Without the handover: it is for the first tasks only, and would keep their collectors in memory.
    this.#options = rest;
    this.#plan = plan;
    this.#contact = handover?.contact ?? new Contact(() => clock.monotonic());
    this.#support = handover?.support ?? new EndpointSupport(() => clock.monotonic());
    this.#record = handover?.record ?? new SiteRecord();
    this.#published = new SitePublisher({
      site: config.site,
      publisher: rest.publisher,
      record: this.#record,
      now: () => clock.now(),
    });
    this.#session = createSessionHolder({
      site: config.site,
      client,
      clock,
      logger,
      configuredVersion: config.apiVersion,
      knownVersion: handover?.version,
      pollIntervalMs: plan.pollIntervalMs,
    });
    for (const collector of plan.collectors) {
      this.#addTask(
        collector,
        handover?.collectors.find(({ plan }) => plan.definition.name === collector.definition.name),
      );
    }
    this.#discontinued = (handover?.collectors ?? [])
      .map(({ collector }) => collector)
      .filter((collector) => this.#tasks.get(collector.name)?.collector !== collector);
  }

  /**
   * Publishes what is known, and begins to poll.
   *
   * @param delayMs When to poll first: sites do not all begin at once.
   * @param after Waits for this before: the same collectors must not run for another site object.
   */
  start(delayMs: number, after: Promise<void> = Promise.resolve()): void {
    this.#started = true;
    this.#published.live({
      revision: () => this.#liveRevision(),
      families: () => this.#liveFamilies(),
    });
    // What the site before this one has published stays, of the collectors that go on.
    for (const collector of this.#discontinued) {
      collector.follow?.(undefined);
      this.#published.withdrawAll(collector.name);
    }
    this.#connect();
    const { runTimes } = this.#options;
    this.#restoring = runTimes !== undefined;
    this.#publishHealth();
    after.then(() => runTimes && this.#restore(runTimes)).then(() => this.#startTasks(delayMs));
  }

  /** Makes a new plan the present one: what is the same in both goes on undisturbed. */
  replan(plan: SitePlan): void {
    const previous = this.#plan;
    this.#plan = plan;
    const wanted = new Map(plan.collectors.map((entry) => [entry.definition.name, entry]));
    const replaced = new Map<string, CollectorHandover>();
    for (const [name, task] of this.#tasks) {
      const next = wanted.get(name);
      const keeps = next &&
        (sameOptions(task.plan, next) || task.collector.reconfigure !== undefined);
      if (!keeps) {
        replaced.set(name, task.handOver());
        this.#removeTask(name, task);
      } else if (!sameSchedule(task.plan, next) || !sameOptions(task.plan, next)) {
        task.replan(next);
      }
    }
    for (const [name, next] of wanted) {
      if (!this.#tasks.has(name)) this.#startLater(name, next, replaced.get(name));
    }
    this.#connect();
    if (plan.pollIntervalMs !== previous.pollIntervalMs) this.#wakeAll();
    this.#publishHealth();
  }

  /** Names of the collectors that are on. */
  get collectorNames(): string[] {
    return [...this.#tasks.keys()];
  }

  /** What the status page and the health routes show. */
  summary(): SiteSummary {
    const { clock, stats } = this.#options;
    const { site, baseUrl, insecureSkipVerify } = this.config;
    const tasks = [...this.#tasks.values()];
    const now = clock.now();
    const collectors = tasks.map((task) => summarizeCollector(task, now));
    const up = this.#up();
    const queue = queueOf(tasks);
    const outcomes = tasks.find(({ collector }) => collector.outcomes)?.collector.outcomes;
    return {
      ...{ site, baseUrl, insecureSkipVerify, up, collectors },
      downSince: up === false ? downSince(collectors) : undefined,
      version: this.#session.version,
      firstCycleEnded: tasks.every(({ state }) => state.runs > 0),
      factor: this.#contact.factor(this.#plan.pollIntervalMs),
      requestsInLastHour: stats.inLastHour(),
      queue,
      findings: (fromMs) => this.#record.findings({ collectors, queue, outcomes }, fromMs, now),
    };
  }

  /** What is known, for the next site object of the same primary. */
  handOver(): SiteHandover {
    return {
      collectors: [...this.#tasks.values()].map((task) => task.handOver()),
      contact: this.#contact,
      record: this.#record,
      support: this.#support,
      version: this.#session.version,
    };
  }

  /** Takes back all that the site has published, where no site goes on with it. */
  withdraw(): void {
    for (const name of this.#tasks.keys()) this.#published.withdrawAll(name);
    this.#published.withdrawSite();
  }

  /**
   * Ends polling: no new run begins, requests in flight may end until the time is up, then they are
   * aborted. Nothing of this site goes on when it has settled.
   *
   * @param options How long to wait, and what cuts the waiting short.
   * @throws Error When the client cannot be closed; all else has ended and is kept all the same.
   */
  async close(options: CloseOptions): Promise<void> {
    this.#closed = true;
    const reason = new SiteClosedError(this.config.site);
    const tasks = [...this.#tasks.values()];
    for (const task of tasks) task.stop();
    try {
      await this.#options.client.close(options);
    } finally {
      this.#runs.abort(reason);
      await Promise.all([...tasks.map((task) => task.end(reason)), ...this.#ending]);
      await this.#options.runTimes?.close();
    }
  }

  #addTask(plan: CollectorPlan, known?: CollectorHandover): CollectorTask {
    const { name } = plan.definition;
    const { clock, logger, createCollector, onDropped } = this.#options;
    const same = known !== undefined && sameOptions(known.plan, plan);
    const handover = same || known?.collector.reconfigure ? known : undefined;
    if (!same) handover?.collector.reconfigure?.(plan.options);
    const taskLogger = logger.with({ collector: name });
    const task = new CollectorTask({
      collector: handover?.collector ?? createCollector(plan),
      state: handover?.state ??
        (known ? stateOfSuccessor(known.state) : initialState(name, RUN_REASONS)),
      plan,
      clock,
      logger: taskLogger,
      log: handover?.log ?? new RunLog({ logger: taskLogger, clock }),
      run: (task, signal) => this.#run(task, signal),
      factor: () => this.#contact.factor(this.#plan.pollIntervalMs),
      onRun: (task, end) => this.#noteRun(task, end),
      isKnown: (failure) => this.#isKnown(name, failure),
      onResult: (_task, result) => this.#published.result(name, result),
      onRestored: (task, cumulative) => {
        if (this.#isCurrent(task)) this.#published.totals(name, cumulative);
      },
      onWithdraw: (task) => this.#withdrawGauges(task),
      onDropped,
    });
    this.#tasks.set(name, task);
    return task;
  }

  /** Offers the finished jobs to the collectors that live on them: both come and go with reloads. */
  #connect(): void {
    const collectors = [...this.#tasks.values()].map(({ collector }) => collector);
    const source = collectors.find(({ completions }) => completions)?.completions;
    for (const collector of collectors) collector.follow?.(source);
    this.#record.follow(source);
  }

  #startTasks(delayMs: number): void {
    if (this.#closed) return;
    this.#polling = true;
    const others = this.#plan.collectors.filter(({ definition }) => !definition.main).length;
    const within = this.#options.unspread ? 0 : FIRST_RUNS_WITHIN_MS;
    const spread = Math.min(within, this.#plan.pollIntervalMs);
    let index = 0;
    for (const task of this.#tasks.values()) {
      const own = task.plan.definition.main ? 0 : ++index * spread / (others + 1);
      task.start(delayMs + own);
    }
  }

  /**
   * Restores what was kept across restarts, and publishes it before the first poll. Never throws.
   */
  async #restore(runTimes: RunTimes): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#runs;
    await restoreSite({ runTimes, tasks: this.#tasks.values(), clock, logger, signal });
    this.#restoring = false;
    this.#publishHealth();
  }

  /** Two collectors of one name must not run side by side: they share what is kept of it. */
  #startLater(name: string, plan: CollectorPlan, replaced: CollectorHandover | undefined): void {
    const task = this.#addTask(plan, replaced);
    // It starts with all others then.
    if (!this.#polling) return;
    const { runTimes } = this.#options;
    Promise.all(this.#ending)
      .then(() => runTimes && task.restore(runTimes.of(name)))
      .then(() => {
        if (this.#isCurrent(task)) task.start(0);
      });
  }

  #removeTask(name: string, task: CollectorTask): void {
    this.#tasks.delete(name);
    task.collector.follow?.(undefined);
    this.#published.withdrawAll(name);
    const ending = task.end(new SiteClosedError(this.config.site))
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  async #run({ collector, plan }: CollectorTask, signal: AbortSignal): Promise<CollectorResult> {
    const { config, clock, logger, tracing } = this.#options;
    using either = linkSignals(this.#runs.signal, signal);
    return await runCollector({
      site: config.site,
      collector,
      resources: plan.definition.resources,
      session: this.#session,
      support: this.#support,
      clock,
      logger: logger.with({ collector: collector.name }),
      tracing,
      windowMs: this.#plan.windowMs,
      timeoutMs: plan.timeoutMs,
      signal: either.signal,
    });
  }

  #noteRun(task: CollectorTask, { error, asked }: RunEnd): void {
    this.#liveLooks++;
    this.#noteTimes(task);
    const before = this.#contact.factor(this.#plan.pollIntervalMs);
    if (error !== undefined) this.#contact.failed(error);
    else if (asked) this.#contact.worked();
    // A bad key is bad for all: the others stop before they try it as well.
    if (error instanceof BadKeyError) {
      for (const other of this.#tasks.values()) if (other !== task) other.abort(error);
    }
    // After the first success everything is asked at its full rate again.
    if (before > 1 && this.#contact.factor(this.#plan.pollIntervalMs) === 1) this.#wakeAll();
    this.#noteVersion();
    if (this.#isCurrent(task)) this.#publishHealth();
  }

  #noteTimes({ collector, state }: CollectorTask): void {
    const { runTimes } = this.#options;
    const { outcome, lastSuccessAt: successMs } = state;
    if (outcome === "failed") runTimes?.failed(collector.name);
    else if (successMs !== undefined) {
      runTimes?.succeeded(collector.name, { successMs, parts: collector.partsReadAt?.() ?? {} });
    }
  }

  /** What one release lacks, the next one may have. */
  #noteVersion(): void {
    const { version } = this.#session;
    if (this.#version !== undefined && version !== this.#version) {
      for (const task of this.#tasks.values()) {
        if (task.state.outcome === "unsupported") task.runSoon();
      }
    }
    this.#version = version;
  }

  /** A primary that is down is one trouble, not one for each collector. */
  #isKnown(collector: string, { reason }: RunFailure): boolean {
    return SITE_REASONS.includes(reason) &&
      [...this.#tasks.values()].some(({ state }) =>
        state.name !== collector && state.failure?.reason === reason
      );
  }

  #wakeAll(): void {
    for (const task of this.#tasks.values()) task.wake();
  }

  #withdrawGauges(task: CollectorTask): void {
    if (!this.#isCurrent(task)) return;
    this.#published.withdrawGauges(task.collector.name);
    this.#publishHealth();
  }

  /** Whether a task still runs for this site. */
  #isCurrent(task: CollectorTask): boolean {
    return !this.#closed && this.#tasks.get(task.collector.name) === task;
  }

  #publishHealth(): void {
    if (!this.#started || this.#closed || this.#restoring) return;
    this.#published.health(healthFamilies({
      site: this.config.site,
      up: this.#up(),
      version: this.#session.version,
      insecureSkipVerify: this.config.insecureSkipVerify,
      factor: this.#contact.factor(this.#plan.pollIntervalMs),
      collectors: this.#views(),
      failedRuns: this.#failedRuns,
    }));
  }

  #up(): boolean | undefined {
    return isUp(this.#contact.ok(this.#plan.pollIntervalMs), this.#views());
  }

  #views(): CollectorView[] {
    return [...this.#tasks.values()].map(({ state, plan }) => ({
      state,
      main: plan.definition.main,
    }));
  }

  /** Figures of requests change with each request; what collectors say, while they run. */
  #liveRevision(): number {
    const running = [...this.#tasks.values()].some((task) => task.running);
    if (running) this.#liveLooks++;
    return this.#options.stats.revision + this.#liveLooks;
  }

  #liveFamilies(): MetricFamily[] {
    const collectors = [...this.#tasks.values()].map(({ collector }) => collector);
    return [
      ...this.#options.stats.families(),
      ...collectors.flatMap((collector) => [...collector.liveFamilies?.() ?? []]),
    ];
  }
}
