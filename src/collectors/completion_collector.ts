/**
 * How a collector is declared that needs every finished job: it is offered each completion that the
 * ledger counts, and keeps what it makes of them in a section of the ledger's checkpoint.
 *
 * @module
 */
import type * as v from "valibot";
import type { TreeMap } from "../config/tree.ts";
import type { Completion } from "../ledger/completions.ts";
import type { MetricFamily } from "../metrics/types.ts";
import { type CheckpointSection, defineSection, type SectionDefinition } from "../state/section.ts";
import type {
  CollectContext,
  Collector,
  CollectorDefinition,
  CollectorResult,
  CollectorSetting,
  CompletionSource,
} from "./collector.ts";
import {
  type BareRun,
  type CollectorHead,
  definitionOf,
  type OptionsOf,
  optionsParser,
  runDeclared,
} from "./define.ts";
import { fillSeries, type MetricSet, type SeriesOf } from "./fill_series.ts";
import { JobsMissingError } from "./jobs_missing.ts";
import { primaryOf } from "./primary.ts";

/** What a collector makes of the completions. `T` is its form in a checkpoint. */
export interface CompletionState<O, T> {
  /** Takes in one completion. Each is offered once. */
  observe(completion: Completion, options: O): void;
  /**
   * Takes in a job of the look-back window that ended before anything counted: it may tell of what was,
   * and counts for nothing. The same job may come again.
   */
  observeEarlier?(completion: Completion, options: O): void;
  /** The state as a value for JSON. It must be bounded. */
  serialize(): T;
  /** See `SectionDefinition.restore`. It is called at most once, before the first completion. */
  restore(content: T, stale: boolean): void;
}

/** What one run works with. */
export interface CompletionRun<M extends MetricSet, O extends v.ObjectEntries, S>
  extends BareRun<M, O> {
  readonly state: S;
  /** The present time by the primary's clock, or else by that of this host, in milliseconds. */
  readonly primaryNow: number;
  /** Length of the look-back window of the windowed job gauges, in milliseconds. */
  readonly windowMs: number;
}

/** The declaration of such a collector. Its counters and histograms are never withdrawn. */
export interface CompletionDeclaration<M extends MetricSet, O extends v.ObjectEntries, T, S>
  extends CollectorHead<M, O> {
  /** Version and schemas of its section in the checkpoint, which is called like the collector. */
  readonly section: Pick<SectionDefinition<T>, "version" | "schemas">;
  /** Makes the state before the first completion; anew whenever the jobs are read by another ledger. */
  createState(): S;
  /** Fills the counters from the state alone, at the end of a run and before the first. */
  counters?(state: S, metrics: SeriesOf<M>): void;
  /** Fills the other metrics from the state; may read lists. What it throws ends the run. */
  collect(run: CompletionRun<M, O, S>): Promise<void>;
}

/**
 * Makes the definition of a declared collector that lives on finished jobs.
 *
 * @example
 * ```ts
 * import * as v from "valibot";
 * import { counter } from "../metrics/define.ts";
 * import { everyPoll } from "./define.ts";
 *
 * // The number of jobs, which survives a restart in the checkpoint of the jobs.
 * class Count {
 *   jobs = 0;
 *   observe() {
 *     this.jobs++;
 *   }
 *   serialize() {
 *     return this.jobs;
 *   }
 *   restore(jobs: number) {
 *     this.jobs = jobs;
 *   }
 * }
 *
 * const finished = defineCompletionCollector({
 *   name: "finished",
 *   summary: "Jobs that have ended.",
 *   interval: everyPoll,
 *   resources: {},
 *   metrics: { jobs: counter("nbu_jobs_ended_total", "Jobs that have ended") },
 *   section: { version: 1, schemas: { 1: v.number() } },
 *   createState: () => new Count(),
 *   counters: (state, metrics) => metrics.jobs.add({}, state.jobs),
 *   collect: () => Promise.resolve(),
 * });
 * ```
 */
export function defineCompletionCollector<
  T,
  S extends CompletionState<OptionsOf<O>, T>,
  const M extends MetricSet,
  const O extends v.ObjectEntries = Record<never, never>,
>(declaration: CompletionDeclaration<M, O, T, S>): CollectorDefinition {
  const parse = optionsParser(declaration.options);
  return Object.freeze<CollectorDefinition>({
    ...definitionOf(declaration),
    needsJobs: true,
    create: (setting) => new CompletionCollector(declaration, parse, setting),
  });
}

/** A subscription to one source, with the state that lives on it. */
interface Following<S> {
  readonly source: CompletionSource;
  readonly section: CheckpointSection;
  readonly state: S;
  /** Settles when what was kept is restored; undefined, or why it could not be. */
  readonly attached: Promise<unknown>;
  readonly unsubscribe: () => void;
}

class CompletionCollector<
  M extends MetricSet,
  O extends v.ObjectEntries,
  T,
  S extends CompletionState<OptionsOf<O>, T>,
> implements Collector {
  readonly name: string;
  readonly #site: string;
  readonly #declaration: CompletionDeclaration<M, O, T, S>;
  readonly #parse: (tree: TreeMap) => OptionsOf<O>;
  #options: OptionsOf<O>;
  #following: Following<S> | undefined;

  constructor(
    declaration: CompletionDeclaration<M, O, T, S>,
    parse: (tree: TreeMap) => OptionsOf<O>,
    { site, options }: CollectorSetting,
  ) {
    this.#site = site;
    this.name = declaration.name;
    this.#declaration = declaration;
    this.#parse = parse;
    this.#options = parse(options);
  }

  reconfigure(options: TreeMap): void {
    this.#options = this.#parse(options);
  }

  follow(source: CompletionSource | undefined): void {
    const last = this.#following;
    if (source === last?.source) return;
    last?.unsubscribe();
    void last?.source.detach(last.section);
    this.#following = source && this.#begin(source);
  }

  async collect(context: CollectContext): Promise<CollectorResult> {
    const { site, clock, request, windowMs } = context;
    const following = this.#following;
    if (!following) throw new JobsMissingError(this.name, site, "off");
    await following.source.untilRead(request.signal);
    const failure = await following.attached;
    if (failure !== undefined) throw failure;
    if (this.#following !== following) throw new JobsMissingError(this.name, site, "off");
    if (!following.source.current) throw new JobsMissingError(this.name, site, "failed");
    const { state } = following;
    const primaryNow = primaryOf(context).timeMs ?? clock.now();
    return await runDeclared<M, O>(
      this.#declaration.metrics,
      this.#options,
      context,
      async (run) => {
        await this.#declaration.collect({ ...run, state, primaryNow, windowMs });
        this.#declaration.counters?.(state, run.metrics);
      },
    );
  }

  /** The state is restored together with the jobs, whose collector comes first. */
  async restore(): Promise<readonly MetricFamily[]> {
    const { counters, metrics } = this.#declaration;
    const following = this.#following;
    if (!counters || !following || await following.attached !== undefined) return [];
    return fillSeries(this.#site, metrics, (series) => counters(following.state, series))
      .filter(({ definition }) => definition.type !== "gauge");
  }

  #begin(source: CompletionSource): Following<S> {
    const state = this.#declaration.createState();
    const section = defineSection<T>({
      ...this.#declaration.section,
      name: this.name,
      serialize: () => state.serialize(),
      restore: (content, stale) => state.restore(content, stale),
    });
    // What is offered before the state is restored waits for it.
    const waiting: (() => void)[] = [];
    let take = (observe: () => void): void => void waiting.push(observe);
    const attached = source.attach(section, () => {
      take = (observe) => observe();
      waiting.forEach(take);
    }).then(() => undefined, (error: unknown) => error);
    const unsubscribe = source.subscribe(
      (completion) => take(() => state.observe(completion, this.#options)),
      (completion) => take(() => state.observeEarlier?.(completion, this.#options)),
    );
    return { source, section, state, attached, unsubscribe };
  }
}
