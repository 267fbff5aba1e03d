/**
 * Jobs by the ledger: each is read about once, and counted exactly once.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { HOUR_MS } from "../base/time_units.ts";
import { familyBuilder, singleSample } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import { allOrAbort } from "../netbackup/all_or_abort.ts";
import type { RequestContext } from "../netbackup/api.ts";
import { HttpStatusError, NetBackupError } from "../netbackup/errors.ts";
import type { Job } from "../netbackup/resources/job.ts";
import type { Pause } from "../state/json_pieces.ts";
import { type CheckpointSection, defineSection } from "../state/section.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type CompletionListener, CompletionStream } from "./completions.ts";
import type { LedgerContext, LedgerResult } from "./context.ts";
import {
  JOBS_SECTION_VERSION,
  type JobsSectionDocument,
  jobsSectionDocument,
  type LedgerDocument,
  recordsFault,
} from "./document.ts";
import { concurrencyOf, FinishedJobs } from "./finished.ts";
import { LedgerCheckpoint } from "./ledger_checkpoint.ts";
import { OTHER } from "./label_bounds.ts";
import { Ledger } from "./ledger.ts";
import { type JobQueue, jobQueue } from "./job_queue.ts";
import { liveFamilies } from "./live.ts";
import { LiveJobs } from "./live_jobs.ts";
import {
  ledgerBackfillProgressRatio,
  ledgerCheckpointTimestampSeconds,
  ledgerClockSkewSeconds,
  ledgerCountersDurable,
  ledgerFallback,
  ledgerNewestUpdateTimestampSeconds,
  ledgerPartTimestampSeconds,
} from "./metrics/ledger.ts";
import { MissingJobs } from "./missing.ts";
import { OlderJobs } from "./older.ts";
import type {
  LedgerCollector,
  LedgerCollectorOptions,
  LedgerSettings,
  PartsReadAt,
} from "./options.ts";
import { MAX_AHEAD_MS } from "./places.ts";
import { PollTime } from "./poll_time.ts";
import { RunLengths } from "./run_lengths.ts";
import { StatusLookups } from "./status_lookups.ts";
import { StatusTexts } from "./status_texts.ts";
import { StorageSlots } from "./storage_slots.ts";
import { withTimeLimit } from "./time_limit.ts";
import { UnfinishedJobs } from "./unfinished.ts";
import { WindowCheck } from "./window_check.ts";

export type { LedgerCollector, LedgerCollectorOptions, LedgerSettings } from "./options.ts";

/**
 * Makes the collector of jobs. It is read from by one poll at a time.
 *
 * Every result is on disk before it is given out, so that no counter goes back after a restart; a
 * checkpoint that cannot be written is an error in the log and does not stop the collecting.
 */
export function createLedgerCollector(options: LedgerCollectorOptions): LedgerCollector {
  return new JobLedgerCollector(options);
}

/** Part of the time left that remains for the rest when the unfinished jobs are not read in time. */
const RESERVE_RATIO = 0.1;
const MAX_RESERVE_MS = 30_000;

/** How late jobs may become visible. */
const OVERLAP_MS = 40_000;

const WINDOW_CHECK_MS = HOUR_MS;

/** Polls that do not read the unfinished jobs, after which these are no longer published. */
const MAX_MISSED = 3;

class JobLedgerCollector implements LedgerCollector {
  readonly name = "jobs";
  readonly #site: string;
  readonly #concurrency: number | undefined;
  readonly #lookUpStatuses: boolean;
  readonly #zeroFirst: boolean;
  readonly #checkpoint: LedgerCheckpoint;
  readonly #ledger: Ledger;
  readonly #finished: FinishedJobs;
  readonly #older: OlderJobs;
  readonly #windowCheck: WindowCheck;
  readonly #missing = new MissingJobs();
  readonly #unfinished = new UnfinishedJobs();
  readonly #completions = new CompletionStream();
  readonly #lengths = new RunLengths();
  readonly #texts = new StatusTexts();
  readonly #lookups = new StatusLookups();
  readonly #slots = new StorageSlots();
  readonly #actions = new Set<string>();
  readonly #reasons = new Set<string>();
  /** When each part was last read completely. */
  readonly #readAt = { finished: 0, unfinished: 0 };
  /** The unfinished jobs, as they were last read. */
  readonly #live = new LiveJobs();
  /** Polls since then that could not read them. */
  #missed = MAX_MISSED;
  /** Of the last poll; a function that tells its time would keep all that the poll has read. */
  #clock: Clock | undefined;
  /** Settles when the poll under way has ended. */
  #poll: Promise<void> = Promise.resolve();

  constructor(options: LedgerCollectorOptions) {
    this.#site = options.site;
    this.#concurrency = options.concurrency;
    this.#lookUpStatuses = options.lookUpStatuses ?? true;
    this.#zeroFirst = options.zeroFirst ?? true;
    this.#checkpoint = new LedgerCheckpoint({
      checkpoint: options.checkpoint,
      revision: () => this.#revision,
      counters: () => this.#ledger.families(true),
      now: () => this.#clock?.now() ?? 0,
    });
    this.#ledger = new Ledger({
      site: options.site,
      maxStatusCodes: options.maxStatusCodes ?? 200,
      recall: options.recall ?? 100_000,
      onCompletion: (job, endMs) => {
        this.#lengths.observe(job, endMs);
        this.#completions.publish(job, endMs);
      },
      onEarlier: (job, endMs) => this.#completions.publishEarlier(job, endMs),
    });
    this.#older = new OlderJobs(this.#ledger);
    const overlapMs = options.overlapMs ?? OVERLAP_MS;
    this.#windowCheck = new WindowCheck({
      ledger: this.#ledger,
      overlapMs,
      onJob: (jobId) => {
        if (this.#ledger.hasEnded(jobId)) this.#live.delete(jobId);
      },
    }, options.windowCheckMs ?? WINDOW_CHECK_MS);
    this.#finished = new FinishedJobs({
      ledger: this.#ledger,
      concurrency: options.concurrency,
      overlapMs,
      fallbackOverlapMs: options.fallbackOverlapMs ?? 15 * 60_000,
      onBegin: ({ logger }) => this.#checkpoint.save(logger),
    });
    void this.#checkpoint.attach(defineSection<JobsSectionDocument>({
      name: "ledger",
      version: JOBS_SECTION_VERSION,
      schemas: { 1: jobsSectionDocument, [JOBS_SECTION_VERSION]: jobsSectionDocument },
      serialize: async (pause) => this.#sectionOf(await this.#ledger.serialize(pause)),
      serializeChanges: () => {
        const changes = this.#ledger.serializeChanges();
        return Promise.resolve(changes && this.#sectionOf(changes));
      },
      written: () => this.#ledger.markWritten(),
      fault: recordsFault,
      restore: (document, stale, changes, pause) => this.#restore(document, stale, changes, pause),
    }));
    void this.#checkpoint.attach(this.#lengths.section);
  }

  collect(context: LedgerContext): Promise<LedgerResult> {
    const result = this.#collect(context);
    this.#poll = result.then(() => {}, () => {});
    return result;
  }

  async #collect(context: LedgerContext): Promise<LedgerResult> {
    this.#clock = context.clock;
    await this.#checkpoint.load();
    const ledger = this.#ledger;
    const time = new PollTime(context);
    // One number for the whole poll, as soon as the primary has told its time.
    let { windowStart } = time;
    let unfinished: Map<number, Job> | undefined;
    const concurrency = concurrencyOf(context, this.#concurrency);
    let rows = 0;
    ledger.startPoll(time.begin + MAX_AHEAD_MS, context.clock.now());
    try {
      await allOrAbort(context.request, [
        async (request) => {
          rows += await this.#finished.read(context, request, time);
        },
        async (request) => {
          unfinished = await this.#readUnfinished(context, request, concurrency);
        },
      ]);
      this.#readAt.finished = context.clock.now();
      windowStart = time.windowStart;
      rows += await this.#older.read(context, context.request, windowStart, concurrency);
      if (unfinished) {
        await this.#takeUnfinished(context, unfinished);
        rows += await this.#windowCheck.run(context, windowStart, time.begin, concurrency);
      } else {
        this.#missed++;
      }
      ledger.sweep(windowStart);
      this.#note(context.logger);
      if (this.#lookUpStatuses) await this.#lookups.run(this.#texts, context);
    } catch (error) {
      await this.#checkpoint.save(context.logger);
      throw error;
    } finally {
      this.#completions.report(context.logger);
    }
    await this.#checkpoint.save(context.logger);
    this.#checkpoint.confirm();
    return this.#result(context, windowStart, rows + (unfinished?.size ?? 0));
  }

  liveFamilies(): MetricFamily[] {
    const progress = this.progress();
    if (progress === undefined) return [];
    return [singleSample(ledgerBackfillProgressRatio, { site: this.#site }, progress)];
  }

  progress(): number | undefined {
    return this.#finished.progress.ratio();
  }

  partsReadAt(): PartsReadAt {
    return { ...this.#readAt };
  }

  async restore({ finished = 0, unfinished = 0 }: PartsReadAt): Promise<readonly MetricFamily[]> {
    await this.#checkpoint.load();
    this.#readAt.finished = Math.max(this.#readAt.finished, finished);
    this.#readAt.unfinished = Math.max(this.#readAt.unfinished, unfinished);
    return this.#cumulative();
  }

  queue(): JobQueue | undefined {
    return this.#missed < MAX_MISSED ? jobQueue(this.#live.values()) : undefined;
  }

  statusText(status: number): string {
    return this.#texts.textOf(status);
  }

  async flush(logger: Logger): Promise<void> {
    // What is written must not change meanwhile.
    await this.#poll;
    await this.#checkpoint.save(logger);
  }

  reconfigure({ maxStatusCodes, windowCheckMs }: Partial<LedgerSettings>): void {
    if (maxStatusCodes !== undefined) this.#ledger.bounds.limitStatuses(maxStatusCodes);
    if (windowCheckMs !== undefined) this.#windowCheck.intervalMs = windowCheckMs;
  }

  subscribe(listener: CompletionListener, onEarlier?: CompletionListener): () => void {
    return this.#completions.subscribe(listener, onEarlier);
  }

  async attach(section: CheckpointSection): Promise<void> {
    await this.#checkpoint.attachUntracked(section);
  }

  async detach(section: CheckpointSection): Promise<void> {
    await this.#checkpoint.detachUntracked(section);
  }

  /** Grows with whatever is worth a checkpoint. */
  get #revision(): number {
    return this.#ledger.revision + this.#actions.size + this.#texts.size;
  }

  #sectionOf(document: LedgerDocument): JobsSectionDocument {
    return { ...document, statusTexts: this.#texts.serialize(), actions: [...this.#actions] };
  }

  async #restore(
    document: JobsSectionDocument,
    stale: boolean,
    changes: readonly JobsSectionDocument[],
    pause: Pause,
  ): Promise<void> {
    await this.#ledger.restore(document, changes, stale, pause);
    const { statusTexts, actions } = changes.at(-1) ?? document;
    this.#texts.restore(statusTexts);
    for (const action of actions) this.#actions.add(action);
  }

  #note(logger: Logger): void {
    const { bounds, keys } = this.#ledger;
    for (const job of this.#live.values()) {
      this.#actions.add(bounds.action(job.jobType));
      if (job.state === "QUEUED") this.#reasons.add(bounds.reason(job.jobQueueReason));
    }
    for (const { action, status } of keys) {
      this.#actions.add(action);
      if (status !== OTHER) this.#texts.see(Number(status));
    }
    for (const action of this.#actions) this.#ledger.knowAction(action);
    for (const [label, example] of bounds.takeFolded()) {
      logger.warn(`too many label values: counting the rest as "${OTHER}"`, { label, example });
    }
  }

  /**
   * The finished jobs are worth publishing without the others, too.
   *
   * @returns Undefined when they could not be read in time.
   * @throws HttpStatusError When the primary refuses them.
   */
  async #readUnfinished(
    context: LedgerContext,
    request: RequestContext,
    concurrency: number,
  ): Promise<Map<number, Job> | undefined> {
    const { clock, logger } = context;
    const left = request.deadline - clock.monotonic();
    const limitMs = left - Math.min(MAX_RESERVE_MS, left * RESERVE_RATIO);
    try {
      return await withTimeLimit(
        clock,
        request,
        Number.isNaN(limitMs) ? Infinity : limitMs,
        (inner) => this.#unfinished.read(context, inner, concurrency),
      );
    } catch (error) {
      request.signal.throwIfAborted();
      if (error instanceof HttpStatusError && error.status < 500) throw error;
      // A key that is refused is refused for the finished jobs as well.
      if (error instanceof NetBackupError && error.reason === "auth") throw error;
      logger.warn("cannot read unfinished jobs: publishing finished jobs only", { error });
      return undefined;
    }
  }

  async #takeUnfinished(context: LedgerContext, unfinished: Map<number, Job>): Promise<void> {
    for (const [jobId, job] of unfinished) {
      if (!this.#ledger.observeUnfinished(job)) unfinished.delete(jobId);
    }
    await this.#askForMissing(context, unfinished);
    this.#live.replace(unfinished);
    this.#missed = 0;
    this.#readAt.unfinished = context.clock.now();
  }

  /** Jobs that were unfinished at the last poll and are in neither list now. */
  async #askForMissing(context: LedgerContext, unfinished: Map<number, Job>): Promise<void> {
    const ledger = this.#ledger;
    const { running } = ledger;
    const now = context.clock.monotonic();
    const due = running.due(now, this.#missing.maxJobs).filter((id) => !unfinished.has(id));
    try {
      await this.#missing.ask(context, context.request, due, (job) => {
        if (job.state === "DONE") ledger.observe(job);
        else if (ledger.observeUnfinished(job)) unfinished.set(job.jobId, job);
      }, (jobId) => {
        if (running.notFound(jobId, now)) ledger.countVanished(1);
      });
    } catch (error) {
      context.request.signal.throwIfAborted();
      context.logger.debug("cannot look up jobs missing from all lists", { error });
    }
    ledger.countVanished(running.endPoll(unfinished, now));
  }

  #result(
    { clock, primaryTime }: LedgerContext,
    windowStart: number,
    rows: number,
  ): LedgerResult {
    const site = this.#site;
    const ledger = this.#ledger;
    const window = ledger.sumWindow(windowStart);
    const known = this.#missed < MAX_MISSED;
    const live = liveFamilies({
      site,
      unfinished: known ? this.#live.values() : [],
      bounds: ledger.bounds,
      doneByAction: window.doneByAction,
      actions: known ? this.#actions : new Set(),
      reasons: this.#reasons,
    });
    const slots = this.#slots.family(site, known ? this.#live.values() : undefined);
    const own = [singleSample(ledgerFallback, { site }, this.#finished.fallback ? 1 : 0)];
    const primaryNow = primaryTime?.();
    if (primaryNow !== undefined) {
      const skew = (primaryNow - clock.now()) / 1000;
      own.push(singleSample(ledgerClockSkewSeconds, { site }, skew));
    }
    if (ledger.newest !== undefined) {
      own.push(singleSample(ledgerNewestUpdateTimestampSeconds, { site }, ledger.newest / 1000));
    }
    const overrunning = this.#lengths.overrunning(site, known ? this.#live.values() : [], {
      actions: known ? this.#actions : [],
      bounds: ledger.bounds,
      nowMs: primaryNow ?? clock.now(),
    });
    if (this.#checkpoint.active) {
      own.push(singleSample(ledgerCountersDurable, { site }, this.#checkpoint.stuck ? 0 : 1));
    }
    const cumulative = this.#cumulative();
    if (!this.#checkpoint.stuck) ledger.reveal();
    return {
      families: [
        ...[...window.families, ...live, overrunning, slots],
        ...[this.#texts.build(site), ...own],
      ],
      cumulative,
      rows,
    };
  }

  /** What stays, however old. */
  #cumulative(): MetricFamily[] {
    const site = this.#site;
    const ledger = this.#ledger;
    const { stuck, durable, savedAt } = this.#checkpoint;
    const parts = familyBuilder(ledgerPartTimestampSeconds);
    for (const [part, at] of Object.entries(this.#readAt)) parts.set({ site, part }, at / 1000);
    const families = [
      ...(stuck ? durable : ledger.families(!this.#zeroFirst)),
      parts.build(),
      ...ledger.latestFamilies(),
    ];
    if (savedAt !== undefined) {
      const seconds = savedAt / 1000;
      families.push(singleSample(ledgerCheckpointTimestampSeconds, { site }, seconds));
    }
    return families;
  }
}
