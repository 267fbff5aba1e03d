/**
 * The generated jobs: born at a steady rate, kept for some hours after their end. What is shown at
 * an instant depends on the settings and the instant alone, not on how it was reached.
 *
 * @module
 */
import { type JobAttributes, type JobFigures, SAME_FOR_ALL } from "../jobs/attributes.ts";
import { createSortedIndex, type SortedIndex } from "../jobs/sorted_index.ts";
import type { IndexKey, JobSource, JobTimes } from "../jobs/source.ts";
import { figuresAt, lastUpdateMs, startMs } from "./figures.ts";
import { BLOCK } from "./layout.ts";
import {
  birthInterval,
  bornAt,
  type Life,
  lifeOf,
  type LifeSettings,
  MAX_LIFE,
  nextChange,
  type Phase,
  phaseAt,
  WORLD_BEGIN_MS,
} from "./life.ts";
import type { Population } from "./population.ts";
import { createSchedule } from "./schedule.ts";

/** The generated world. */
export interface WorldSettings extends LifeSettings {
  readonly population: Population;
  /** How long a job is kept after its end. */
  readonly retentionMs: number;
}

/** An ended try of a generated job. */
export interface GeneratedEnd {
  readonly endMs: number;
  readonly attributes: JobAttributes;
}

/** Jobs of the generated world. */
export interface GeneratedJobs extends JobSource {
  /** All jobs shown at a time, found without any index: job by job, from the settings alone. */
  jobsAt(nowMs: number): Iterable<JobAttributes>;
  /** Every end, by this time, of any job that ended between the two times, both inclusive. */
  endsBetween(fromMs: number, toMs: number, nowMs: number): Iterable<GeneratedEnd>;
  /**
   * Stops showing a job.
   *
   * @returns False when it is not shown anyway.
   */
  hide(jobId: number): boolean;
  /** Stops showing any job. */
  hideAll(): void;
}

/** Job ids begin anew after this many: NetBackup's are 32 bits wide. */
const ID_SPACE = 2_000_000_000;

interface Tracked {
  readonly life: Life;
  phase: Phase;
}

/** Makes the world; it is empty when there are no births. */
export function createGeneratedJobs(settings: WorldSettings): GeneratedJobs {
  const hidden = new Set<number>();
  const idOf = (sequence: number): number => 1 + sequence % ID_SPACE;
  const lifeOfJob = (sequence: number): Life => lifeOf(settings, sequence);
  let stopped = settings.jobsPerHour <= 0;
  let state = emptyState();

  const lastBorn = (nowMs: number): number => {
    let sequence = Math.floor((nowMs - WORLD_BEGIN_MS) / birthInterval(settings));
    // Times are whole milliseconds, the interval is not.
    while (bornAt(settings, sequence + 1) <= nowMs) sequence += 1;
    while (bornAt(settings, sequence) > nowMs) sequence -= 1;
    return sequence;
  };
  /** No older job can be seen. */
  const firstSeen = (nowMs: number): number => {
    const longest = MAX_LIFE * settings.meanDurationMs + settings.lateByMs;
    const first = lastBorn(nowMs - settings.retentionMs - longest) - BLOCK;
    return Math.max(0, first);
  };
  const sequenceOf = (jobId: number): number => {
    const last = lastBorn(state.nowMs);
    const sequence = last - last % ID_SPACE + jobId - 1;
    return sequence > last ? sequence - ID_SPACE : sequence;
  };
  const expired = (phase: Phase, nowMs: number): boolean =>
    phase.state === "DONE" && phase.endMs < nowMs - settings.retentionMs;
  const phaseTimes = (life: Life, phase: Phase): JobTimes => ({
    jobId: idOf(life.sequence),
    startTime: startMs(life),
    endTime: phase.endMs,
    lastUpdateTime: lastUpdateMs(life, phase, state.nowMs),
  });
  const figures = (life: Life, phase: Phase, nowMs: number): JobFigures =>
    figuresAt({
      seed: settings.seed,
      population: settings.population,
      ...{ life, phase, nowMs, idOf, lifeOf: lifeOfJob },
    });
  const attributes = (life: Life, phase: Phase, nowMs: number): JobAttributes => ({
    ...SAME_FOR_ALL,
    ...figures(life, phase, nowMs),
  });
  const lookUp = (jobId: number): Tracked | undefined => {
    if (stopped || hidden.has(jobId)) return undefined;
    const sequence = sequenceOf(jobId);
    const tracked = state.tracked.get(jobId);
    if (tracked) return expired(tracked.phase, state.nowMs) ? undefined : tracked;
    if (!(sequence >= firstSeen(state.nowMs))) return undefined;
    const life = lifeOfJob(sequence);
    const phase = phaseAt(life, state.nowMs);
    return phase && !expired(phase, state.nowMs) ? { life, phase } : undefined;
  };

  /** Indexes that someone has asked for are kept up to date; `endTime` always is. */
  const eachIndex = (times: JobTimes, change: (index: SortedIndex, key: number) => void) => {
    for (const [name, index] of state.indexes) change(index, times[name]);
  };
  const enter = (life: Life, phase: Phase) => {
    const jobId = idOf(life.sequence);
    if (hidden.has(jobId)) return;
    const next = nextChange(life, state.nowMs);
    if (next !== undefined) {
      state.tracked.set(jobId, { life, phase });
      state.changes.add({ atMs: next, item: life.sequence });
    } else {
      state.tracked.delete(jobId);
    }
    if (phase.state !== "DONE") state.running.add(jobId);
    else if (!expired(phase, state.nowMs)) {
      eachIndex(phaseTimes(life, phase), (index, key) => index.insert(key, jobId));
    }
  };
  const leave = (life: Life, phase: Phase) => {
    const jobId = idOf(life.sequence);
    state.running.delete(jobId);
    if (phase.state === "DONE") {
      eachIndex(phaseTimes(life, phase), (index, key) => index.remove(key, jobId));
    }
  };
  const change = (sequence: number) => {
    const tracked = state.tracked.get(idOf(sequence));
    const phase = tracked && phaseAt(tracked.life, state.nowMs);
    if (!tracked || !phase) return;
    leave(tracked.life, tracked.phase);
    enter(tracked.life, phase);
  };
  const expireOld = () => {
    const byEnd = state.indexes.get("endTime");
    const limit = state.nowMs - settings.retentionMs;
    for (let first = byEnd?.at(0); first && first.key < limit; first = byEnd?.at(0)) {
      const life = lifeOfJob(sequenceOf(first.id));
      const phase = life.phases.findLast(({ fromMs, endMs }) =>
        fromMs <= state.nowMs && endMs === first?.key
      );
      const id = first.id;
      byEnd?.remove(first.key, id);
      if (phase) eachIndex(phaseTimes(life, phase), (index, key) => index.remove(key, id));
    }
  };
  const rebuild = (nowMs: number) => {
    state = emptyState();
    state.nowMs = nowMs;
    state.born = lastBorn(nowMs);
    const ended: { key: number; id: number }[] = [];
    state.indexes.clear();
    for (let sequence = firstSeen(nowMs); sequence <= state.born; sequence++) {
      const life = lifeOfJob(sequence);
      const phase = phaseAt(life, nowMs);
      if (!phase) continue;
      enter(life, phase);
      if (phase.state === "DONE" && !expired(phase, nowMs) && !hidden.has(idOf(sequence))) {
        ended.push({ key: phase.endMs, id: idOf(sequence) });
      }
    }
    state.indexes.set("endTime", createSortedIndex(ended));
  };

  return {
    advance(nowMs) {
      if (stopped || nowMs === state.nowMs) return;
      // Back in time, the first time, or so far forward that it is cheaper to begin anew.
      if (!(nowMs > state.nowMs && nowMs - state.nowMs < settings.retentionMs)) {
        return rebuild(nowMs);
      }
      state.nowMs = nowMs;
      for (const born = lastBorn(nowMs); state.born < born;) {
        state.born += 1;
        const life = lifeOfJob(state.born);
        const phase = phaseAt(life, nowMs);
        if (phase) enter(life, phase);
      }
      for (;;) {
        const sequence = state.changes.takeDue(nowMs);
        if (sequence === undefined) break;
        change(sequence);
      }
      expireOld();
    },
    finished(key) {
      if (stopped) return createSortedIndex();
      const known = state.indexes.get(key);
      if (known) return known;
      const byEnd = state.indexes.get("endTime") ?? createSortedIndex();
      const entries: { key: number; id: number }[] = [];
      for (let rank = 0, entry = byEnd.at(0); entry; entry = byEnd.at(++rank)) {
        const life = lifeOfJob(sequenceOf(entry.id));
        const phase = phaseAt(life, state.nowMs);
        if (phase) entries.push({ key: phaseTimes(life, phase)[key], id: entry.id });
      }
      const index = createSortedIndex(entries);
      state.indexes.set(key, index);
      return index;
    },
    unfinished: () => stopped ? [] : state.running,
    times(jobId) {
      const job = lookUp(jobId);
      if (!job) throw new RangeError(`No job ${jobId}`);
      return phaseTimes(job.life, job.phase);
    },
    row(jobId) {
      const job = lookUp(jobId);
      if (!job) return undefined;
      const shown = figures(job.life, job.phase, state.nowMs);
      return {
        figures: shown,
        get attributes() {
          return { ...SAME_FOR_ALL, ...shown };
        },
      };
    },
    *jobsAt(nowMs) {
      if (stopped) return;
      for (let sequence = firstSeen(nowMs); sequence <= lastBorn(nowMs); sequence++) {
        if (hidden.has(idOf(sequence))) continue;
        const life = lifeOfJob(sequence);
        const phase = phaseAt(life, nowMs);
        if (phase && !expired(phase, nowMs)) yield attributes(life, phase, nowMs);
      }
    },
    *endsBetween(fromMs, toMs, nowMs) {
      if (stopped) return;
      for (let sequence = firstSeen(fromMs); sequence <= lastBorn(nowMs); sequence++) {
        if (hidden.has(idOf(sequence))) continue;
        const life = lifeOfJob(sequence);
        const ends = new Map<number, Phase>();
        for (const phase of life.phases) {
          if (phase.fromMs > nowMs || phase.endMs === 0) continue;
          if (phase.endMs >= fromMs && phase.endMs <= toMs) ends.set(phase.endMs, phase);
        }
        for (const [endMs, phase] of ends) {
          yield { endMs, attributes: attributes(life, phase, Math.max(nowMs, phase.fromMs)) };
        }
      }
    },
    hide(jobId) {
      const job = lookUp(jobId);
      if (!job) return false;
      leave(job.life, job.phase);
      state.tracked.delete(jobId);
      hidden.add(jobId);
      return true;
    },
    hideAll() {
      stopped = true;
    },
  };
}

interface State {
  nowMs: number;
  born: number;
  readonly indexes: Map<IndexKey, SortedIndex>;
  readonly running: Set<number>;
  /** Jobs that will change, in the phase they are shown in. */
  readonly tracked: Map<number, Tracked>;
  readonly changes: ReturnType<typeof createSchedule>;
}

function emptyState(): State {
  return {
    nowMs: NaN,
    born: -1,
    indexes: new Map(),
    running: new Set(),
    tracked: new Map(),
    changes: createSchedule(),
  };
}
