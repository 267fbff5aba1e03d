/**
 * Jobs by the ledger: each is read about once, and counted exactly once.
 *
 * @module
 */
import {
  ledgerBackfillProgressRatio,
  ledgerCheckpointTimestampSeconds,
  ledgerFallback,
  ledgerNewestUpdateTimestampSeconds,
} from "../metrics/catalogue/ledger.ts";
import { singleSample } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { RequestContext } from "../netbackup/api.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { jobPages } from "../netbackup/resources/jobs.ts";
import { fetchStatusMessage } from "../netbackup/resources/status_codes.ts";
import type { Checkpoint } from "../state/checkpoint.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { CollectContext, Collector, CollectorResult } from "../collectors/collector.ts";
import { allOrAbort } from "../netbackup/all_or_abort.ts";
import type { LedgerDocument } from "./document.ts";
import { FinishedJobs } from "./finished.ts";
import { Ledger } from "./ledger.ts";
import { liveFamilies } from "./live.ts";
import { takeUp, writeDown } from "./persistence.ts";
import { UNFINISHED_QUERY } from "./queries.ts";
import { StatusTexts } from "./status_texts.ts";
import { sumWindow } from "./window.ts";

/** How the jobs of one site are read and counted. */
export interface LedgerCollectorOptions {
  /** Value of the label `site`. */
  readonly site: string;
  /** Requests at the same time while much is to be read; as many as the client sends unless given. */
  readonly concurrency?: number;
  /** Distinct status codes per action that get a series; the rest is `other`. @default {200} */
  readonly maxStatusCodes?: number;
  /** Where to keep the counters over a restart; undefined = nowhere. */
  readonly checkpoint?: Checkpoint<LedgerDocument> | undefined;
  /**
   * How long after the fact a finished job may become visible, by NetBackup's clock, in
   * milliseconds. That much is read twice; what comes later is not seen. @default {40 s}
   */
  readonly overlapMs?: number;
  /** The same where a primary refuses to filter by update time. @default {15 min} */
  readonly fallbackOverlapMs?: number;
  /** Records kept beyond those of the window, and over a restart. @default {100000} */
  readonly recall?: number;
  /** Ask NetBackup for the texts of status codes that are not shipped. @default {true} */
  readonly lookUpStatuses?: boolean;
}

/** The collector of jobs. */
export interface LedgerCollector extends Collector {
  /** What changes while a poll goes on: for the part of the page rendered at each scrape. */
  liveFamilies(): MetricFamily[];
  /** Writes the checkpoint if it is out of date; for the end of the program. Never throws. */
  flush(logger: Logger): Promise<void>;
}

/** Polls without lookups after one that failed. */
const LOOKUP_PAUSE_POLLS = 12;

/** A text is nice to have: a poll does not wait longer for one, retries included, in milliseconds. */
const LOOKUP_LIMIT_MS = 5000;

/**
 * Makes the collector of jobs. It is read from by one poll at a time.
 *
 * Every result is on disk before it is given out, so that no counter goes back after a restart; a
 * checkpoint that cannot be written is an error in the log and does not stop the collecting.
 */
export function createLedgerCollector(options: LedgerCollectorOptions): LedgerCollector {
  return new JobLedgerCollector(options);
}

class JobLedgerCollector implements LedgerCollector {
  readonly name = "jobs";
  readonly #site: string;
  readonly #checkpoint: Checkpoint<LedgerDocument> | undefined;
  readonly #lookUpStatuses: boolean;
  readonly #ledger: Ledger;
  readonly #finished: FinishedJobs;
  readonly #texts = new StatusTexts();
  readonly #actions = new Set<string>();
  readonly #reasons = new Set<number>();
  #loaded = false;
  #changed = false;
  #savedAt: number | undefined;
  #now: () => number = () => 0;
  #lookupPause = 0;

  constructor(options: LedgerCollectorOptions) {
    this.#site = options.site;
    this.#checkpoint = options.checkpoint;
    this.#lookUpStatuses = options.lookUpStatuses ?? true;
    this.#ledger = new Ledger({
      site: options.site,
      maxStatusCodes: options.maxStatusCodes ?? 200,
      recall: options.recall ?? 100_000,
    });
    this.#finished = new FinishedJobs({
      ledger: this.#ledger,
      concurrency: options.concurrency,
      overlapMs: options.overlapMs ?? 40_000,
      fallbackOverlapMs: options.fallbackOverlapMs ?? 15 * 60_000,
      onChange: () => this.#changed = true,
      onBegin: ({ logger }) => this.flush(logger),
    });
  }

  async collect(context: CollectContext): Promise<CollectorResult> {
    await this.#load(context);
    const ledger = this.#ledger;
    const windowStart = context.clock.now() - context.windowMs;
    const unfinished = new Map<number, Job>();
    let rows = 0;
    ledger.startPoll();
    try {
      await allOrAbort(context.request, [
        async (request) => {
          rows += await this.#finished.read(context, request, windowStart);
        },
        (request) => readUnfinished(context, request, unfinished),
      ]);
      rows += await this.#finished.readOlder(context, context.request, windowStart);
      for (const [jobId, job] of unfinished) {
        if (!ledger.observeUnfinished(job)) unfinished.delete(jobId);
      }
      ledger.sweep(windowStart);
      this.#note(unfinished.values());
      await this.#learn(context);
    } catch (error) {
      await this.flush(context.logger);
      throw error;
    }
    this.#changed = true;
    await this.flush(context.logger);
    return this.#result(windowStart, unfinished, rows + unfinished.size);
  }

  liveFamilies(): MetricFamily[] {
    const ratio = this.#finished.progress.ratio();
    return [singleSample(ledgerBackfillProgressRatio, { site: this.#site }, ratio)];
  }

  async flush(logger: Logger): Promise<void> {
    if (!this.#checkpoint || !this.#changed) return;
    this.#changed = false;
    try {
      await this.#checkpoint.save(writeDown(this.#ledger, {
        statusTexts: this.#texts.answers(),
        actions: [...this.#actions],
      }));
      this.#savedAt = this.#now();
    } catch (error) {
      this.#changed = true;
      logger.error("the counters cannot be written to the state directory", { error });
    }
  }

  async #load({ clock }: CollectContext): Promise<void> {
    if (this.#loaded) return;
    this.#now = () => clock.now();
    const document = await this.#checkpoint?.load();
    this.#loaded = true;
    if (!document) return;
    takeUp(this.#ledger, document);
    this.#texts.restore(document.statusTexts);
    for (const action of document.actions) this.#actions.add(action);
  }

  #note(unfinished: Iterable<Job>): void {
    for (const job of unfinished) {
      this.#actions.add(job.jobType);
      if (job.state === "QUEUED") this.#reasons.add(job.jobQueueReason);
    }
    for (const { action, status } of this.#ledger.combos.all) {
      this.#actions.add(action);
      this.#texts.see(status);
    }
  }

  /** Never throws: what was read of the jobs is worth more than a text. */
  async #learn({ session, request, clock, logger }: CollectContext): Promise<void> {
    if (!this.#lookUpStatuses || this.#lookupPause-- > 0) return;
    this.#lookupPause = LOOKUP_PAUSE_POLLS;
    const deadline = Math.min(request.deadline, clock.monotonic() + LOOKUP_LIMIT_MS);
    const limit = new AbortController();
    const done = new AbortController();
    clock.sleep(LOOKUP_LIMIT_MS, done.signal).then(
      () => limit.abort(new Error(`no answer within ${LOOKUP_LIMIT_MS / 1000} s`)),
      () => {}, // It was in time.
    );
    const signal = AbortSignal.any([request.signal, limit.signal]);
    try {
      await this.#texts.learn((status) =>
        fetchStatusMessage(session, status, { ...request, signal, deadline })
      );
      this.#lookupPause = 0;
    } catch (error) {
      logger.debug("cannot look up the text of a status code", { error });
    } finally {
      done.abort("done");
    }
  }

  #result(
    windowStart: number,
    unfinished: ReadonlyMap<number, Job>,
    rows: number,
  ): CollectorResult {
    const site = this.#site;
    const ledger = this.#ledger;
    const window = sumWindow(site, ledger.table, ledger.combos.all, windowStart);
    const live = liveFamilies({
      site,
      unfinished: unfinished.values(),
      doneByAction: window.doneByAction,
      actions: this.#actions,
      reasons: this.#reasons,
    });
    const own = [singleSample(ledgerFallback, { site }, this.#finished.fallback ? 1 : 0)];
    if (ledger.newest !== undefined) {
      own.push(singleSample(ledgerNewestUpdateTimestampSeconds, { site }, ledger.newest / 1000));
    }
    const cumulative = ledger.totals.build();
    if (this.#savedAt !== undefined) {
      const seconds = this.#savedAt / 1000;
      cumulative.push(singleSample(ledgerCheckpointTimestampSeconds, { site }, seconds));
    }
    return {
      families: [...window.families, ...live, this.#texts.build(site), ...own],
      cumulative,
      rows,
    };
  }
}

async function readUnfinished(
  { session }: CollectContext,
  request: RequestContext,
  unfinished: Map<number, Job>,
): Promise<void> {
  for await (const { rows } of jobPages(session, UNFINISHED_QUERY, request)) {
    for (const job of rows) if (job.state !== "DONE") unfinished.set(job.jobId, job);
  }
}
