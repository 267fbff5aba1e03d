/**
 * Random histories of a primary and of an exporter that polls it, fails, restarts and is killed; and
 * the truth they are compared with.
 *
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createLedgerCollector, type LedgerCollector } from "../../src/ledger/collector.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import type { Checkpoint } from "../../src/state/checkpoint.ts";
import { type Sections, withChanges } from "../../src/state/section.ts";
import { silentLogger } from "../testing/silent_logger.ts";
import { statusError } from "../testing/fake_client.ts";
import { contextOf } from "./_context.ts";
import { jobsSectionOf, parseSections } from "./_memory_checkpoint.ts";
import { ModelPrimary, type Revision } from "./_model.ts";

const START = Date.UTC(2026, 0, 1);
const OVERLAP_MS = 40_000;
/** Hardly a poll does without a check. */
const WINDOW_CHECK_MS = 1;
/** The primary tells full seconds. */
const MARGIN_MS = 2100;

/** Something that happens to a job; `pick` chooses which. */
export interface Event {
  readonly kind:
    | ("birth" | "activate" | "suspend" | "finish" | "resume" | "grow" | "shrink")
    | ("leave" | "hide" | "correct" | "endless" | "delete");
  readonly pick: number;
  readonly amount: number;
  /** Part of the longest delay with which it is shown; negative = at once. */
  readonly late: number;
}

/** What the exporter goes through in one poll. */
export interface Poll {
  readonly kind: "poll";
  /** Fails at this request; 0 = does not. */
  readonly failAt: number;
  /** Is killed at this request; 0 = is not. */
  readonly killAt: number;
  /** Is killed when it writes its state, before or after; else undefined. */
  readonly killSave: "before" | "after" | undefined;
  /** Events while it reads, before the request of that number. */
  readonly races: readonly (readonly [number, Event])[];
}

/** Jobs that are born and end one after the other, each `spacingMs` later; some are shown late. */
export interface Burst {
  readonly kind: "burst";
  readonly jobs: number;
  readonly spacingMs: number;
  readonly pick: number;
}

/** A step of a history. */
export type Step =
  | Poll
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "restart" }
  | { readonly kind: "window"; readonly ms: number }
  | { readonly kind: "clock"; readonly ms: number }
  | Burst
  | { readonly kind: "event"; readonly event: Event };

/** A whole history. */
export interface History {
  readonly skewMs: number;
  /** Finished before the exporter starts. */
  readonly past: Burst;
  readonly pageSize: number;
  readonly windowMs: number;
  readonly state: boolean;
  /** How often the state is written as what has changed only, until all of it is written once more. */
  readonly maxAppended: number;
  /** Jobs may be changed before a poll has seen their end: then only bounds of the truth are known. */
  readonly hasty: boolean;
  /** Records kept; where there are few, jobs do not change after their end. */
  readonly recall: number;
  readonly concurrency: number;
  readonly requestMs: number;
  readonly rejectUpdateFilter: boolean;
  /** Lists end at cursors whose rows have changed; their last pages name successors. */
  readonly fragileCursors: boolean;
  readonly endlessCursors: boolean;
  /** Every list shows every job. */
  readonly ignoresFilters: boolean;
  /** It counts jobs that its lists do not show. */
  readonly countsHidden: boolean;
  /** The primary tells its time: only then can its clock be set. */
  readonly tellsTime: boolean;
  readonly steps: readonly Step[];
}

const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom<Event["kind"]>(
    ...["birth", "birth", "birth", "activate", "suspend"] as const,
    ...["finish", "finish", "finish", "finish", "resume", "grow", "shrink"] as const,
    ...["leave", "hide", "correct", "endless", "delete", "delete"] as const,
  ),
  pick: fc.nat(1000),
  amount: fc.nat(500),
  late: fc.double({ min: -1, max: 0.99, noNaN: true }),
});

const poll: fc.Arbitrary<Poll> = fc.record({
  kind: fc.constant("poll" as const),
  failAt: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 25 })),
  killAt: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 25 })),
  killSave: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    fc.constantFrom("before" as const, "after" as const),
  ),
  races: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    fc.array(fc.tuple(fc.integer({ min: 1, max: 25 }), event), { maxLength: 20 }),
  ),
});

const burst: fc.Arbitrary<Burst> = fc.record({
  kind: fc.constant("burst" as const),
  jobs: fc.integer({ min: 1, max: 12 }),
  spacingMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8000 })),
  pick: fc.nat(1000),
});

const windowMs = fc.constantFrom(120_000, 300_000, 3_600_000, 1e9);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: burst },
  { weight: 5, arbitrary: event.map((event) => ({ kind: "event" as const, event })) },
  { weight: 4, arbitrary: poll },
  {
    weight: 3,
    arbitrary: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 90_000 }) },
      fc.integer({ min: 1, max: 4e6 }),
    )
      .map((ms) => ({ kind: "wait" as const, ms })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
  { weight: 1, arbitrary: windowMs.map((ms) => ({ kind: "window" as const, ms })) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.integer({ min: -1e7, max: 1e7 }),
    )
      .map((ms) => ({ kind: "clock" as const, ms })),
  },
);

/** All kinds of histories. */
export const histories: fc.Arbitrary<History> = fc.record({
  skewMs: fc.oneof(fc.constant(0), fc.integer({ min: -2e7, max: 2e7 })),
  past: burst.chain((burst) =>
    fc.record({ jobs: fc.nat(80), spacingMs: fc.integer({ min: 0, max: 60_000 }) })
      .map((long) => ({ ...burst, ...long }))
  ),
  pageSize: fc.integer({ min: 1, max: 5 }),
  windowMs,
  state: fc.boolean(),
  maxAppended: fc.oneof(fc.constant(0), fc.nat(5), fc.constant(1000)),
  hasty: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
  recall: fc.oneof(fc.constant(100_000), fc.nat(10)),
  concurrency: fc.integer({ min: 1, max: 4 }),
  requestMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 })),
  // Reading by end time sees less by design: it is tested on its own.
  rejectUpdateFilter: fc.constant(false),
  fragileCursors: fc.boolean(),
  endlessCursors: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
  ignoresFilters: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  countsHidden: fc.boolean(),
  tellsTime: fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, fc.constant(false)),
  steps: fc.array(step, { minLength: 8, maxLength: 40 }),
});

/** What is known of the counters since they began at 0. */
interface Lineage {
  /** Jobs that ended at or after this time are counted. */
  from: number;
  /** Every completion told. */
  readonly told: Set<string>;
  /** Every row of these told. */
  readonly rows: Set<Revision>;
  /** Every completion that a poll could not have missed. */
  readonly certain: Set<string>;
  /** Completions that the next published poll cannot miss. */
  readonly due: Map<string, Revision>;
  published: ReadonlyMap<string, number>;
  /** Jobs that the last published poll has seen unfinished, and that have not been seen to end. */
  running: Set<number>;
  /** Jobs seen unfinished by any poll, be it killed. */
  readonly everRunning: Set<number>;
  /** Lowest of the highest ids after any poll, be it killed. */
  everHighest: number;
  /** Highest id seen by a published poll. */
  highest: number;
  /** Highest id told to any poll, be it one that failed. */
  highestTold: number;
}

class KeptInMemory implements Checkpoint {
  text: string | undefined;
  /** What was appended to it. */
  appended: string[] = [];
  /** How often something was written. */
  writes = 0;
  /** What is there was written by the present process. */
  #own = false;
  dead = false;
  onSave: (keep: () => void) => void = (keep) => keep();
  /**
   * @param remembers Otherwise it is only there to look at.
   * @param maxAppended How often something may be appended until all is to be saved once more.
   */
  constructor(readonly remembers: boolean, readonly maxAppended: number) {}
  get appendable() {
    return this.#own && this.appended.length < this.maxAppended;
  }
  load() {
    this.#own = false;
    let sections = this.remembers ? parseSections(this.text) : undefined;
    for (const text of this.appended) {
      const changed = parseSections(text);
      if (sections && changed) sections = withChanges(sections, changed);
    }
    return Promise.resolve(sections && { sections, stale: false });
  }
  async save(sections: Sections) {
    await Promise.resolve();
    const text = JSON.stringify(sections);
    if (this.dead) return;
    this.onSave(() => {
      this.text = text;
      this.writes++;
      this.appended = [];
      this.#own = true;
    });
  }
  async append(changed: Sections) {
    await Promise.resolve();
    const text = JSON.stringify(changed);
    if (this.dead) return true;
    this.onSave(() => {
      this.writes++;
      this.appended.push(text);
    });
    return true;
  }
  copyAside(reason: string, detail: string) {
    return Promise.reject(new Error(`${reason}: ${detail}`));
  }
}

/** Plays a history and compares what is published with the truth. */
export async function play(history: History): Promise<void> {
  await new Player(history).play();
}

class Player {
  readonly #history: History;
  readonly #primary = new ModelPrimary(START);
  readonly #kept: KeptInMemory;
  #collector: LedgerCollector;
  #windowMs: number;
  #lineage: Lineage | undefined;
  /** Latest revision of each job that a published poll has seen for certain. */
  readonly #settled = new Map<number, Revision>();
  /** Ends that no list of finished jobs shows: they are found by asking for the job. */
  readonly #elusive = new Set<Revision>();
  /** When hidden jobs are shown again. */
  readonly #hiddenUntil = new Map<number, number>();
  /** Deleted jobs that the gauges may still show. */
  readonly #undetected = new Map<number, Revision>();
  /** The clock was set since the last published poll: once is what can be told. */
  #clockSet = false;
  #clockSetAt = -Infinity;
  /** It is not known what is counted: only bounds hold. */
  #vague = false;
  /** Nor what the window holds. */
  #blind = false;

  constructor(history: History) {
    this.#history = history;
    this.#kept = new KeptInMemory(history.state, history.maxAppended);
    this.#windowMs = history.windowMs;
    // What was told is not what was asked for, and not all of it is taken in.
    this.#vague = history.ignoresFilters;
    this.#primary.hidden = ({ jobId }) => this.#isHidden(jobId);
    this.#primary.requestMs = history.requestMs;
    this.#primary.pageSize = history.pageSize;
    this.#primary.rejectUpdateFilter = history.rejectUpdateFilter;
    this.#primary.ignoresFilters = history.ignoresFilters;
    // Then a list can be read by its cursors only.
    this.#primary.fragileCursors = history.fragileCursors && !history.ignoresFilters;
    this.#primary.endlessCursors = history.endlessCursors;
    this.#primary.counting = history.countsHidden ? "beyond permissions" : "right";
    this.#collector = this.#newCollector();
  }

  async play(): Promise<void> {
    this.#burst(this.#history.past);
    for (const step of this.#history.steps) {
      if (step.kind === "wait") this.#primary.now += step.ms;
      else if (step.kind === "event") this.#apply(step.event);
      else if (step.kind === "burst") this.#burst(step);
      else if (step.kind === "window") this.#windowMs = step.ms;
      else if (step.kind === "clock") this.#setClock(step.ms);
      else if (step.kind === "restart") this.#restart();
      else await this.#poll(step);
    }
    this.#primary.now += OVERLAP_MS;
    const calm: Poll = { kind: "poll", failAt: 0, killAt: 0, killSave: undefined, races: [] };
    await this.#poll(calm);
    await this.#poll(calm);
    if (this.#elusive.size > 0) {
      // However long the pauses between the questions have become.
      this.#primary.now += 6 * 3_600_000;
      await this.#poll(calm);
      assert.equal(this.#elusive.size, 0, "every job that left the lists has been found");
    }
    if (this.#undetected.size > 0) {
      this.#primary.now += 2 * OVERLAP_MS;
      await this.#poll(calm);
    }
    this.#compareExactly();
  }

  #isHidden(jobId: number): boolean {
    return (this.#hiddenUntil.get(jobId) ?? 0) > this.#primary.trueNow;
  }

  #setClock(ms: number): void {
    // Nobody can tell that it was set before the first poll.
    if (!this.#history.tellsTime || this.#clockSet || !this.#lineage) return;
    this.#clockSet = true;
    this.#clockSetAt = this.#primary.trueNow;
    this.#primary.setClock(ms);
  }

  #newCollector(): LedgerCollector {
    const { concurrency, recall } = this.#history;
    return createLedgerCollector({
      site: "a",
      concurrency,
      recall,
      overlapMs: OVERLAP_MS,
      checkpoint: this.#kept,
      windowCheckMs: WINDOW_CHECK_MS,
      lookUpStatuses: false,
      zeroFirst: false,
    });
  }

  #restart(): void {
    this.#kept.dead = false;
    this.#kept.onSave = (keep) => keep();
    this.#collector = this.#newCollector();
    if (!this.#history.state) this.#kept.text = undefined;
    if (this.#kept.text === undefined) this.#kept.appended = [];
    if (this.#kept.text === undefined) {
      this.#lineage = undefined;
      this.#settled.clear();
      // A new ledger knows nothing of the clock, so jobs that are shown late escape it.
      const recently = this.#primary.trueNow - this.#clockSetAt < 2 * OVERLAP_MS;
      if (this.#clockSet || recently) this.#vague = this.#blind = true;
      this.#clockSet = false;
    }
  }

  #burst({ jobs, spacingMs, pick }: Burst): void {
    const primary = this.#primary;
    for (let job = 0; job < jobs; job++) {
      primary.now += spacingMs;
      this.#apply({ kind: "birth", pick: pick + job * 13, amount: 0, late: 0 });
      const jobId = Math.max(...primary.jobs.keys());
      const amount = (pick * 31 + job * 17) % 500;
      const late = (pick + job) % 3 === 0 ? ((pick * 7 + job * 3) % 100) / 100 : -1;
      this.#finish(jobId, pick + job, figuresAfter(primary.last(jobId), amount), late);
    }
  }

  #finish(jobId: number, pick: number, figures: Partial<Revision>, late: number): void {
    const status = [0, 0, 1, 96, 150][pick % 5] ?? 0;
    this.#primary.finish(jobId, { ...figures, status }, lateMsOf(late));
  }

  #apply({ kind, pick, amount, late }: Event): void {
    const primary = this.#primary;
    if (kind === "birth") {
      const jobId = primary.birth({
        jobType: pick % 3 === 0 ? "RESTORE" : "BACKUP",
        policyType: pick % 2 === 0 ? "VMWARE" : "STANDARD",
        childCount: pick % 7 === 0 ? 2 : 0,
        state: pick % 2 === 0 ? "QUEUED" : "ACTIVE",
        reason: pick % 5,
      });
      if (pick % 4 === 0) primary.change(jobId, { parentJobId: jobId - (pick % 8 === 0 ? 0 : 1) });
      return;
    }
    const jobIds = [...primary.jobs.keys()];
    const jobId = jobIds[pick % Math.max(1, jobIds.length)];
    const last = jobId === undefined ? undefined : primary.last(jobId);
    if (jobId === undefined || !last || last.visibleAt > primary.trueNow) return;
    if (this.#isHidden(jobId)) return;
    const figures = figuresAfter(last, amount);
    const lateMs = lateMsOf(late);
    const done = last.state === "DONE";
    // A change of what no poll has seen may remain unseen.
    const free = this.#history.hasty || !done || this.#settled.get(jobId) === last;
    if (!done && kind === "activate") primary.change(jobId, { ...figures, state: "ACTIVE" });
    if (!done && kind === "suspend") primary.change(jobId, { state: "SUSPENDED" });
    if (!done && this.#endsTooSoon(jobId, last)) return;
    if (!done && kind === "finish") this.#finish(jobId, pick, figures, late);
    if (kind === "endless" && !this.#hasEnded(jobId)) {
      primary.finish(jobId, { ...figures, noEnd: true }, lateMs);
      // By its end nobody finds it any more, for a longer window.
      this.#blind = true;
    }
    if (kind === "delete" && done && this.#settled.get(jobId) === last) this.#delete(last);
    if (kind === "leave" || kind === "hide") this.#leave(jobId, last, kind, amount);
    if (!done || !free || this.#history.recall < 100) return;
    // After the clock was set back, a change looks older than what it changed.
    if (primary.now <= last.lastUpdateTime) return;
    if (kind === "resume") {
      // One end per second at most: a completion is an end time.
      if (primary.now - last.endTime < 1000) return;
      primary.change(jobId, { state: "ACTIVE", endTime: 0, tries: last.tries + (pick % 2) });
    }
    if (kind === "correct") {
      // Seconds, and no new try; an end that was never told may turn out to be any.
      const byMs = (last.noEnd ? amount - 250 : pick % 4) * 1000;
      primary.change(jobId, { endTime: last.endTime + byMs, noEnd: false }, lateMs);
    }
    if (kind === "grow") primary.change(jobId, figures, lateMs);
    if (kind === "shrink") primary.change(jobId, { ...figures, kilobytes: amount >> 2 });
  }

  #delete(last: Revision): void {
    // What is told without an end cannot be found by it.
    if (last.noEnd || this.#elusive.has(last)) return;
    this.#primary.delete(last.jobId);
    this.#undetected.set(last.jobId, last);
  }

  #hasEnded(jobId: number): boolean {
    return this.#primary.jobs.get(jobId)?.some(({ state }) => state === "DONE") ?? false;
  }

  /**
   * Without a new try, an end within seconds of the last looks like a correction of that; after the
   * clock was set back, a further end looks older than the last.
   */
  #endsTooSoon(jobId: number, { tries }: Revision): boolean {
    const { now } = this.#primary;
    const ended = this.#primary.jobs.get(jobId)?.findLast(({ state }) => state === "DONE");
    if (!ended) return false;
    if (now <= ended.lastUpdateTime) return true;
    return ended.tries === tries && (ended.noEnd || Math.abs(now - ended.endTime) < 7000);
  }

  /** A job ends without being shown in the list of finished jobs, or only after a while. */
  #leave(jobId: number, last: Revision, kind: "leave" | "hide", amount: number): void {
    const { state, recall, ignoresFilters } = this.#history;
    if (!state || ignoresFilters || recall < 100 || !this.#lineage?.running.has(jobId)) return;
    // A job that runs again has ended before: not in the same second.
    if (this.#hasEnded(jobId)) return;
    if (kind === "hide") {
      this.#primary.finish(jobId);
      this.#hiddenUntil.set(jobId, this.#primary.trueNow + amount * 10_000);
    } else {
      this.#primary.finish(jobId, { lastUpdateTime: last.lastUpdateTime });
    }
    const ended = this.#primary.last(jobId);
    if (ended) this.#elusive.add(ended);
  }

  async #poll({ failAt, killAt, killSave, races }: Poll): Promise<void> {
    const primary = this.#primary;
    const { skewMs } = this.#history;
    const windowMs = this.#windowMs;
    const clock = primary.clock(skewMs);
    let killed = false;
    const kill = () => {
      killed = true;
      this.#kept.dead = true;
    };
    primary.reset();
    primary.toldNewest = undefined;
    primary.probed = false;
    let disturbed = false;
    primary.onRequest = (count) => {
      for (const [at, race] of races) {
        if (at !== count) continue;
        disturbed = true;
        this.#apply(race);
      }
      if (killAt === count) kill();
      if (killed || failAt === count) throw statusError(503);
    };
    this.#kept.onSave = (keep) => {
      if (killSave === "before" && primary.requests > 1) return kill();
      keep();
      if (killSave === "after" && primary.requests > 1) kill();
    };
    const begun = primary.trueNow;
    const ownBegin = clock.now();
    const seenFrom = new Map(primary.rows().map((row) => [row.jobId, row]));
    const context = contextOf(primary, {
      clock,
      windowMs,
      primaryTime: () => this.#history.tellsTime ? primary.primaryTime() : undefined,
      logger: {
        ...silentLogger,
        warn: (message) => partial ||= message.includes("unfinished"),
        debug: (message) => unchecked ||= message.includes("cannot compare"),
        info: (message) => unchecked ||= message.includes("primary cannot count jobs"),
      },
    });
    // What is shown before the first poll after a restart is no less than what was shown last.
    const shown = seriesOf(await this.#collector.restore({}));
    if (this.#lineage) notLess(this.#lineage.published, shown);
    /** The window could not be compared with the primary's own count. */
    let unchecked = false;
    const countsBefore = primary.counts;
    const writesBefore = this.#kept.writes;
    const deletedBefore = new Set(this.#undetected.keys());
    /** The unfinished jobs could not be read: the finished ones are published alone. */
    let partial = false;
    let result: Awaited<ReturnType<LedgerCollector["collect"]>> | undefined;
    try {
      result = await this.#collector.collect(context);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("503")) throw error;
    }
    primary.onRequest = () => {};
    // The first thing a new ledger does is to ask for the newest job: that decides where it begins.
    const begins = primary.probed && this.#kept.text !== undefined;
    this.#lineage ??= begins ? lineageFrom(this.#countFrom(begun, ownBegin)) : undefined;
    const lineage = this.#lineage;
    if (lineage) this.#take(lineage, killed && this.#kept.writes === writesBefore);
    if (result && lineage && !killed) {
      this.#clockSet = false;
      for (const [key, row] of lineage.due) {
        const wasShown = seenFrom.get(row.jobId) === row;
        const isShown = primary.shown(row.jobId) === row;
        // What has been replaced since may have been seen by nobody but a poll that was killed.
        if (wasShown && (isShown || primary.delivered.includes(row))) lineage.certain.add(key);
        if (wasShown || !isShown) lineage.due.delete(key);
      }
      for (const row of seenFrom.values()) {
        if (primary.shown(row.jobId) !== row) continue;
        this.#settled.set(row.jobId, row);
        const certain = Math.min(row.firstEnd, row.endTime) >= lineage.from &&
          !this.#elusive.has(row);
        if (row.state === "DONE" && certain) lineage.certain.add(keyOf(row));
      }
      if (!partial) this.#endPoll(lineage);
      lineage.published = notLess(lineage.published, seriesOf(result.cumulative));
      this.#compareBounds(lineage);
      const told = this.#history.tellsTime ? primary.primaryTime() : undefined;
      const begin = told === undefined ? ownBegin : told - (primary.trueNow - begun);
      const windowStart = begin - windowMs;
      const quiet = !disturbed && !partial &&
        [...primary.jobs.values()].flat().every(({ visibleAt }) =>
          visibleAt <= begun || visibleAt > primary.trueNow
        );
      // A job that is counted and not shown, or not asked for, makes up for one that was deleted.
      unchecked ||= !quiet || this.#hiddenUntil.size > 0 || this.#history.ignoresFilters;
      if (primary.counts > countsBefore && !unchecked) {
        for (const [jobId, { endTime }] of this.#undetected) {
          const checked = endTime < begin - OVERLAP_MS - MARGIN_MS && endTime >= windowStart;
          if (checked && deletedBefore.has(jobId)) this.#undetected.delete(jobId);
        }
      }
      const undetected = [...this.#undetected.values()]
        .some(({ endTime }) => endTime >= windowStart - MARGIN_MS);
      const calm = quiet && !this.#blind && !undetected && this.#elusive.size === 0;
      // The primary tells full seconds: a job that ended in the first of the window may be in it.
      const borderline = told !== undefined &&
        primary.rows().some(({ endTime }) => Math.abs(endTime - windowStart) <= 1100);
      if (calm && !borderline) compareGauges(result.families, primary.rows(), windowStart);
    }
    for (const { jobId } of primary.deliveredUnfinished) lineage?.everRunning.add(jobId);
    if (lineage) lineage.highestTold = Math.max(lineage.highestTold, this.#highestSeen());
    if (killed && lineage) {
      lineage.everHighest = Math.min(lineage.everHighest, this.#highestSeen());
    }
    if (killed) this.#restart();
  }

  /** When a ledger has begun to count whose first question was for the newest job. */
  #countFrom(begun: number, ownBegin: number): number {
    const { toldNewest, now, trueNow } = this.#primary;
    const { countFrom } = jobsSectionOf(this.#kept.text);
    if (!this.#history.tellsTime) {
      assert.equal(countFrom, toldNewest === undefined ? ownBegin : toldNewest + 1);
    } else {
      // The primary tells full seconds, and nobody knows when the response was made.
      const begin = now - trueNow + begun;
      const behindNewest = toldNewest !== undefined && countFrom === toldNewest + 1;
      assert.ok(
        countFrom <= begin + 1 && countFrom > begin - 1000 ||
          (behindNewest && countFrom <= begin + 1000 + 1),
      );
    }
    return countFrom;
  }

  /** Takes note of what the primary has told. @param lost Nothing was written of it before a kill. */
  #take(lineage: Lineage, lost: boolean): void {
    for (const row of this.#primary.delivered) {
      const { jobId, firstEnd: endTime } = row;
      // Of what is read for a longer window, a high id says nothing.
      const byEnd = this.#primary.deliveredByEnd.has(row);
      const isNew = lineage.running.has(jobId) ||
        (!byEnd && jobId > lineage.highest && jobId > lineage.highestTold);
      // Corrected before the ledger has seen it: it knows the later end only.
      const corrected = row.endTime >= lineage.from && !lineage.told.has(keyOf(row));
      if (corrected && endTime < lineage.from && !this.#history.hasty) this.#vague = true;
      if (endTime >= lineage.from || corrected || isNew || lineage.told.has(keyOf(row))) {
        lineage.told.add(keyOf(row));
        lineage.rows.add(row);
        if (!lost && this.#elusive.delete(row)) lineage.certain.add(keyOf(row));
        if (endTime < lineage.from && isNew && !this.#history.ignoresFilters) {
          // Of a range that is divided meanwhile, a late row may be left to the next poll.
          lineage.due.set(keyOf(row), row);
        }
      } else if (
        lineage.everRunning.has(jobId) || jobId > Math.min(lineage.highest, lineage.everHighest) ||
        this.#primary.deliveredUnfinished.some((unfinished) => unfinished.jobId === jobId)
      ) {
        // A poll that was killed or failed may have kept which jobs it had seen, or not; and what is
        // told twice, of a range that was divided, is taken in once. A job that ended during the poll
        // is counted where it was seen unfinished before.
        lineage.told.add(keyOf(row));
        this.#vague = true;
      }
      lineage.running.delete(jobId);
    }
  }

  #endPoll(lineage: Lineage): void {
    const { delivered, deliveredUnfinished } = this.#primary;
    // Not by update times: when the clock was set back, an end is dated before what it ended.
    const order = (row: Revision) => this.#primary.jobs.get(row.jobId)?.indexOf(row) ?? -1;
    const ends = new Map(delivered.map((row) => [row.jobId, order(row)]));
    for (const row of deliveredUnfinished) {
      if (order(row) > (ends.get(row.jobId) ?? -1)) lineage.running.add(row.jobId);
    }
    const before = lineage.highest === Infinity ? -1 : lineage.highest;
    const highest = Math.max(before, this.#highestSeen());
    lineage.highest = highest < 0 ? Infinity : highest;
  }

  #highestSeen(): number {
    const { delivered, deliveredUnfinished, probedIds } = this.#primary;
    const ids = [...delivered, ...deliveredUnfinished].map(({ jobId }) => jobId);
    return Math.max(-1, ...ids, ...probedIds);
  }

  #compareBounds({ certain, told, published }: Lineage): void {
    let counted = 0;
    for (const [series, value] of published) {
      if (series.startsWith("nbu_jobs_completed_total")) counted += value;
    }
    assert.ok(counted >= certain.size, `counted ${counted} of ${certain.size} completions`);
    assert.ok(counted <= told.size, `counted ${counted} completions, told of ${told.size}`);
  }

  /** At rest every completion still to be seen has been seen: the truth is one number each. */
  #compareExactly(): void {
    const lineage = this.#lineage;
    assert.ok(lineage, "the last polls have succeeded");
    if (this.#vague || this.#history.hasty) return;
    assert.deepEqual([...lineage.certain].sort(), [...lineage.told].sort());
    const expected = new Map<string, number>();
    const add = (name: string, labels: Record<string, string>, value: number) => {
      const key = seriesKeyOf(name, { site: "a", ...labels });
      expected.set(key, (expected.get(key) ?? 0) + value);
    };
    for (const revisions of [...this.#primary.jobs.values(), ...this.#primary.deleted.values()]) {
      // Where the counters have begun anew, they cannot know what was replaced before.
      expectJob(revisions.filter((row) => lineage.rows.has(row)), add);
    }
    const published = new Map(
      [...lineage.published].filter(([key]) =>
        /^nbu_(jobs?_\w+|backups)(_total|_count|_sum)/.test(key)
      ),
    );
    for (const [key, value] of expected) assert.equal(published.get(key), value, key);
    for (const [key, value] of published) assert.equal(expected.get(key) ?? 0, value, key);
  }
}

function lineageFrom(from: number): Lineage {
  return {
    from,
    told: new Set(),
    rows: new Set(),
    certain: new Set(),
    due: new Map(),
    published: new Map(),
    running: new Set(),
    everRunning: new Set(),
    everHighest: Infinity,
    highest: Infinity,
    highestTold: -1,
  };
}

const CLASSES: Readonly<Record<number, string>> = { 0: "success", 1: "partial", 150: "cancelled" };

/** What the ends of one job add to the counters. */
function expectJob(
  ends: readonly Revision[],
  add: (name: string, labels: Record<string, string>, value: number) => void,
): void {
  let before: Revision | undefined;
  const counted = new Set<number>();
  for (const row of ends) {
    const { jobType: action, policyType: policy_type } = row;
    const leaf = row.childCount === 0;
    const growth = (of: (row: Revision) => number) => {
      const known = before ? of(before) : 0;
      return of(row) >= known ? of(row) - known : of(row);
    };
    if (!counted.has(row.firstEnd)) {
      const root = row.parentJobId === 0 || row.parentJobId === row.jobId;
      add("nbu_jobs_completed_total", {
        action,
        policy_type,
        status: String(row.status),
        level: root ? "root" : "child",
      }, 1);
      add("nbu_jobs_outcome_total", { action, class: CLASSES[row.status] ?? "failed" }, 1);
      if (leaf && action === "BACKUP") {
        const good = row.tries > 1 ? "after_retry" : "first_try";
        add("nbu_backups_total", { outcome: row.status > 1 ? "failed" : good }, 1);
      }
      if (leaf) {
        add("nbu_job_duration_seconds_count", { action, policy_type }, 1);
        const seconds = row.endTime - row.startTime;
        if (seconds >= 0) {
          add("nbu_job_duration_seconds_sum", { action, policy_type }, seconds);
        } else {
          add("nbu_job_duration_seconds_count", { action, policy_type }, -1);
        }
        if (row.tries === 1 && counted.size === 0) {
          add("nbu_job_queue_wait_seconds_count", { action }, 1);
        }
        if (row.rate > 0) {
          add("nbu_job_throughput_bytes_per_second_count", { action }, 1);
          const rate = row.rate * 1024;
          add("nbu_job_throughput_bytes_per_second_sum", { action }, rate);
        }
      }
    }
    counted.add(row.firstEnd);
    add("nbu_jobs_retries_total", { action }, growth(({ tries }) => tries - 1));
    if (leaf) {
      const labels = { action, policy_type };
      const kb = growth(({ kilobytes }) => kilobytes) * 1024;
      add("nbu_jobs_protected_bytes_total", labels, kb);
      const data = growth(({ dataKilobytes }) => dataKilobytes) * 1024;
      add("nbu_jobs_wire_bytes_total", labels, data);
      add("nbu_jobs_files_total", labels, growth(({ files }) => files));
    }
    before = row;
  }
}

function figuresAfter(last: Revision | undefined, amount: number): Partial<Revision> {
  return {
    kilobytes: (last?.kilobytes ?? 0) + amount,
    dataKilobytes: (last?.dataKilobytes ?? 0) + (amount >> 1),
    files: (last?.files ?? 0) + (amount % 7),
    dedupRatio: amount % 3 === 0 ? 0 : amount / 5,
    rate: amount,
  };
}

function lateMsOf(late: number): number {
  return Math.floor(Math.max(0, late) * (OVERLAP_MS - 1));
}

function keyOf({ jobId, firstEnd }: Revision): string {
  return `${jobId}@${firstEnd}`;
}

function seriesKeyOf(name: string, labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1);
  return `${name}${JSON.stringify(sorted)}`;
}

function seriesOf(families: readonly MetricFamily[]): Map<string, number> {
  const series = new Map<string, number>();
  for (const { definition, samples } of families) {
    if (definition.type === "gauge") continue;
    for (const { labels, value, suffix = "", createdSeconds } of samples) {
      if (createdSeconds !== undefined) {
        series.set(seriesKeyOf(`begin of ${definition.name}`, labels), createdSeconds);
      }
      // Durations are compared as whole milliseconds.
      const exact = definition.name === "nbu_job_duration_seconds" && suffix === "_sum"
        ? Math.round(value * 1000)
        : value;
      series.set(seriesKeyOf(`${definition.name}${suffix}`, labels), exact);
    }
  }
  return series;
}

function notLess(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  for (const [key, value] of before) {
    const now = after.get(key) ?? -1;
    const right = key.startsWith("begin of ") ? now === value : now >= value;
    assert.ok(right, `${key} went from ${value} to ${now}`);
  }
  return after;
}

/** What a full re-read of the window would give, job by job. */
function compareGauges(
  families: readonly MetricFamily[],
  rows: readonly Revision[],
  windowStart: number,
): void {
  const expected = new Map<string, number>();
  const ratios = new Map<string, number[]>();
  const add = (name: string, labels: Record<string, string>, value: number) => {
    const key = seriesKeyOf(name, { site: "a", ...labels });
    expected.set(key, (expected.get(key) ?? 0) + value);
    return key;
  };
  for (const row of rows) {
    const { jobType: action, policyType: policy_type } = row;
    if (row.state !== "DONE") {
      add("nbu_jobs_state_count", { action, state: row.state }, 1);
      if (row.state === "QUEUED") {
        add("nbu_jobs_queued_count", { action, reason: String(row.reason) }, 1);
      }
      continue;
    }
    if (row.endTime < windowStart) continue;
    const status = String(row.status);
    add("nbu_jobs_bytes", { action, policy_type, status }, row.kilobytes * 1024);
    add("nbu_jobs_count", { action, policy_type, status }, 1);
    add("nbu_status_count", { action, status }, 1);
    add("nbu_jobs_state_count", { action, state: "DONE" }, 1);
    add("nbu_jobs_files_count", { action, policy_type }, row.files);
    if (row.dedupRatio > 0) {
      const key = seriesKeyOf("nbu_jobs_dedup_ratio", { site: "a", action, policy_type });
      ratios.set(key, [...ratios.get(key) ?? [], row.dedupRatio]);
    }
  }
  for (const [key, list] of ratios) {
    expected.set(key, list.reduce((sum, ratio) => sum + ratio, 0) / list.length);
  }
  const names = new Set([
    ...["nbu_jobs_bytes", "nbu_jobs_count", "nbu_status_count", "nbu_jobs_state_count"],
    ...["nbu_jobs_files_count", "nbu_jobs_queued_count", "nbu_jobs_dedup_ratio"],
  ]);
  const actual = new Map<string, number>();
  for (const { definition, samples } of families) {
    if (!names.has(definition.name)) continue;
    for (const { labels, value } of samples) {
      actual.set(seriesKeyOf(definition.name, labels), value);
    }
  }
  assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort());
  for (const [key, value] of expected) {
    const difference = Math.abs((actual.get(key) ?? NaN) - value);
    assert.ok(difference <= 1e-9 * Math.abs(value), `${key}: ${actual.get(key)}, not ${value}`);
  }
}
