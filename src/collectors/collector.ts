/**
 * What a collector is to the rest of the program: a definition, and for each site an instance.
 *
 * @module
 */
import type * as v from "valibot";
import type { Clock } from "../base/clock.ts";
import type { TreeMap } from "../config/tree.ts";
import type { ServerConfig } from "../config/types.ts";
import type { CompletionListener } from "../ledger/completions.ts";
import type { JobQueue } from "../ledger/job_queue.ts";
import type { MetricDefinition, MetricFamily } from "../metrics/types.ts";
import type { ApiSession, Query, RequestContext } from "../netbackup/api.ts";
import type { Endpoint, ListResource, ListRows } from "../netbackup/resource.ts";
import type { StateDirectory } from "../state/directory.ts";
import type { CheckpointSection } from "../state/section.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { OutcomesReader } from "./outcomes/types.ts";

export type { ActiveJob, JobQueue, QueuedJob } from "../ledger/job_queue.ts";
export type { OutcomesReader } from "./outcomes/types.ts";

/** Reads lists of one primary. */
export interface ListReader {
  /**
   * Reads all pages of a list.
   *
   * @throws EndpointUnsupportedError When the release has no such list; without a request where that
   *   was found out lately.
   * @throws ForbiddenError When the role of the API key lacks the permission; it is named.
   * @throws NetBackupError What else can go wrong.
   */
  read<R>(resource: ListResource<R>, query?: Query): Promise<ListRows<R>>;
}

/** What one run of a collector gets. */
export interface CollectContext {
  /** Value of the label `site`. */
  readonly site: string;
  readonly session: ApiSession;
  /** Passed on to every request of this run. */
  readonly request: RequestContext;
  readonly lists: ListReader;
  readonly clock: Clock;
  /** Length of the look-back window of the windowed job gauges, in milliseconds. */
  readonly windowMs: number;
  readonly logger: Logger;
}

/** What one successful run of a collector gives. */
export interface CollectorResult {
  /** What NetBackup said just now; withdrawn when it gets too old. */
  readonly families: readonly MetricFamily[];
  /** Counters and cumulative histograms: they stay, however old. */
  readonly cumulative: readonly MetricFamily[];
  /** Rows read from NetBackup. */
  readonly rows: number;
  /** Series by metric that had the labels of another one and were left out. */
  readonly repeated?: ReadonlyMap<string, number>;
  /**
   * Whether the run asked the primary for anything: one that did not, as the release lacks all that it
   * reads or as it lives on finished jobs, does not tell that the primary can be reached.
   *
   * @default {true}
   */
  readonly asked?: boolean;
}

/** The finished jobs of one site, for collectors that need every one of them. */
export interface CompletionSource {
  /**
   * Offers each completion that is counted from now on, exactly once.
   *
   * @param onEarlier Is offered the jobs of the look-back window, and of shortly before it, that ended
   *   before anything counted, as they are read for the first time. The same job may come again.
   * @returns Ends the subscription.
   */
  subscribe(listener: CompletionListener, onEarlier?: CompletionListener): () => void;
  /**
   * Keeps a subscriber's state in the checkpoint of the jobs, so that both are of the same age. What
   * was kept is restored when this settles, or else when the jobs are first read.
   *
   * @param onDone Called at once then, before what is detached later is serialized.
   * @throws RangeError When there is a section of that name.
   * @throws Error When the checkpoint cannot be read.
   */
  attach(section: CheckpointSection, onDone: () => void): Promise<void>;
  /** Ends the keeping; what the section holds stays in the checkpoint for when it comes back. */
  detach(section: CheckpointSection): Promise<void>;
  /**
   * Waits until the jobs have been read once, or could not be.
   *
   * @throws The reason of the signal.
   */
  untilRead(signal: AbortSignal): Promise<void>;
  /** Whether the last reading of the jobs succeeded. */
  readonly current: boolean;
}

/** When a collector last succeeded, in milliseconds since the epoch; kept across restarts. */
export interface SavedTimes {
  readonly successMs: number;
  /** When the parts were last read that it tells apart itself, by name; 0 = never. */
  readonly parts: Readonly<Record<string, number>>;
}

/** One source of metrics of one site. It may hold what its counters need between runs. */
export interface Collector {
  /** Value of the label `collector`. */
  readonly name: string;
  /**
   * Reads from NetBackup once. It is called again only when the call before has settled.
   *
   * @throws NetBackupError When the reading failed: nothing of the run is published then.
   */
  collect(context: CollectContext): Promise<CollectorResult>;
  /** What changes while a run goes on; looked at when the page is made. */
  liveFamilies?(): readonly MetricFamily[];
  /**
   * Part of a first read or a catch-up that is done, 0..1; 1 when there is none, undefined before it
   * is known.
   */
  progress?(): number | undefined;
  /** The unfinished jobs, where it reads them; undefined while they are not known. */
  queue?(): JobQueue | undefined;
  /** When the parts were last read that it tells apart itself; see `SavedTimes`. */
  partsReadAt?(): SavedTimes["parts"];
  /**
   * Restores what was kept across restarts, before the first run, which may be long in coming: the
   * primary is down, say.
   *
   * @param parts What `partsReadAt()` gave last, as far as it was kept.
   * @returns What a run gives as `CollectorResult.cumulative`, as it was.
   * @throws Error When it cannot be read; the first run tries again.
   */
  restore?(parts: SavedTimes["parts"]): Promise<readonly MetricFamily[]>;
  /** The jobs that ended lately, where it reads them. */
  readonly outcomes?: OutcomesReader;
  /** Keeps what is to survive a restart. Never throws. */
  flush?(logger: Logger): Promise<void>;
  /**
   * Takes up options that have changed. Without it a collector whose options change is made anew and
   * loses what it holds.
   */
  reconfigure?(options: TreeMap): void;
  /** The finished jobs that it reads, where it is the one that reads them. */
  readonly completions?: CompletionSource;
  /**
   * Has it take in the finished jobs of another collector of its site from now on, and no longer
   * those of the one before.
   *
   * @param source Undefined while no collector of the site reads jobs.
   */
  follow?(source: CompletionSource | undefined): void;
}

/** What a collector is made for. */
export interface CollectorSetting {
  /** Value of the label `site`. */
  readonly site: string;
  /** Base URL of the primary: what is kept of another one is of no use. */
  readonly primary: string;
  /** Keys of its own from the configuration, checked. */
  readonly options: TreeMap;
  /** Where counters are kept across restarts; undefined = nowhere. */
  readonly state: StateDirectory | undefined;
}

/** All there is to say about a collector, but for how it does its work. */
export interface CollectorDefinition {
  /** Key of its section in the configuration, and value of the label `collector`. */
  readonly name: string;
  /** What it collects, as one sentence. */
  readonly summary: string;
  readonly enabledByDefault: boolean;
  /** It decides whether its site is up, as the drop-in contract has it, and it runs first. */
  readonly main: boolean;
  /** It reads the jobs of the site, on which others live: one collector does. */
  readonly readsJobs?: boolean;
  /** It lives on the finished jobs that another collector of the site reads, and is of no use without. */
  readonly needsJobs?: boolean;
  /** What it reads. */
  readonly resources: readonly Endpoint[];
  /** What its labels mean, where no other collector has them; for the reference. */
  readonly labels: Readonly<Partial<Record<string, string>>>;
  /** What it fills, labels complete. */
  readonly metrics: readonly MetricDefinition[];
  /** Schemas of its own keys in the configuration, from texts. */
  readonly options: v.ObjectEntries;
  /** How often it runs unless the configuration says so, in milliseconds. */
  interval(server: ServerConfig): number;
  /** Makes the collector of a site. */
  create(setting: CollectorSetting): Collector;
}
