/**
 * What the collector of jobs is made with, and what it offers.
 *
 * @module
 */
import type { MetricFamily } from "../metrics/types.ts";
import type { Checkpoint } from "../state/checkpoint.ts";
import type { CheckpointSection } from "../state/section.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { JobQueue } from "./job_queue.ts";
import type { CompletionListener } from "./completions.ts";
import type { LedgerContext, LedgerResult } from "./context.ts";

/** What can change while the ledger is in use. */
export interface LedgerSettings {
  /** Distinct status codes per action that get a series; the rest is `other`. */
  readonly maxStatusCodes: number;
  /**
   * Time between two questions how many jobs the primary has in the look-back window, in milliseconds;
   * 0 = it is not asked.
   */
  readonly windowCheckMs: number;
}

/** How the jobs of one site are read and counted. */
export interface LedgerCollectorOptions extends Partial<LedgerSettings> {
  /** Value of the label `site`. */
  readonly site: string;
  /** Requests at the same time while much is to be read; as many as the client sends unless given. */
  readonly concurrency?: number;
  /** @default {200} */
  readonly maxStatusCodes?: number;
  /** @default {1 h} */
  readonly windowCheckMs?: number;
  /** Where to keep the counters across restarts; undefined = nowhere. */
  readonly checkpoint?: Checkpoint | undefined;
  /**
   * How long after the fact a finished job may become visible, by NetBackup's clock, in
   * milliseconds. That much is read twice; what comes later is not seen. @default {40 s}
   */
  readonly overlapMs?: number;
  /** The same where a primary refuses to filter by update time. @default {15 min} */
  readonly fallbackOverlapMs?: number;
  /** Records kept beyond those of the window, and across restarts. @default {100000} */
  readonly recall?: number;
  /**
   * Publish a new counter as 0 once before its value, so that `increase()` sees the first event.
   *
   * @default {true}
   */
  readonly zeroFirst?: boolean;
  /** Ask NetBackup for the texts of status codes that are not shipped. @default {true} */
  readonly lookUpStatuses?: boolean;
}

/** When parts of the jobs were last read completely, in milliseconds since the epoch, by part. */
export type PartsReadAt = Readonly<Record<string, number>>;

/** The collector of jobs. */
export interface LedgerCollector {
  /** Value of the label `collector`. */
  readonly name: string;
  /**
   * Reads from NetBackup once.
   *
   * @throws NetBackupError When the reading failed: nothing of the poll is to be published then.
   */
  collect(context: LedgerContext): Promise<LedgerResult>;
  /** What changes while a poll goes on: for the part of the page rendered at each scrape. */
  liveFamilies(): MetricFamily[];
  /** Part of the time range of finished jobs that has been read, 0..1; undefined before the first poll. */
  progress(): number | undefined;
  /** When each part of the jobs was last read completely; 0 = never. */
  partsReadAt(): PartsReadAt;
  /**
   * Restores what was kept across restarts, before the first poll.
   *
   * @param readAt What `partsReadAt()` gave last, as far as it is known.
   * @returns The counters, as they were last published or as they have been written since.
   * @throws Error When the checkpoint cannot be read; the first poll tries again.
   */
  restore(readAt: PartsReadAt): Promise<readonly MetricFamily[]>;
  /** The unfinished jobs as they were last read; undefined where that is too long ago, or never. */
  queue(): JobQueue | undefined;
  /** A status code in words; empty where neither the exporter nor NetBackup has any. */
  statusText(status: number): string;
  /** Writes the checkpoint if it is out of date; for the end of the program. Never throws. */
  flush(logger: Logger): Promise<void>;
  /** Changes those settings that are given. Labels that were handed out stay. */
  reconfigure(settings: Partial<LedgerSettings>): void;
  /**
   * Offers each completion that is counted from now on, exactly once.
   *
   * @param onEarlier Is offered the jobs of the look-back window, and of shortly before it, that ended
   *   before anything counted, as they are read for the first time. The same job may come again.
   * @returns Ends the subscription.
   */
  subscribe(listener: CompletionListener, onEarlier?: CompletionListener): () => void;
  /**
   * Keeps a subscriber's state with the ledger's, so that what it made of the completions is as old
   * as the counters. Where there is no checkpoint, it is kept nowhere.
   *
   * @throws RangeError When there is a section of that name.
   * @throws Error When the checkpoint cannot be read.
   */
  attach(section: CheckpointSection): Promise<void>;
  /** Ends the keeping; what the section holds stays in the checkpoint for when it comes back. */
  detach(section: CheckpointSection): Promise<void>;
}
