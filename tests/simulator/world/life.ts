/**
 * What becomes of a job: its states, one after the other. A function of the seed and of the job's
 * number, so that any instant can be looked at without having lived through those before it.
 *
 * @module
 */
import type { JobState } from "../jobs/attributes.ts";
import { relativesOf } from "./layout.ts";
import { FAILURES } from "./names.ts";
import { type Dice, diceOf } from "./random.ts";

/** One state of a job, from its beginning to the beginning of the next. */
export interface Phase {
  /** When the server begins to show it. */
  readonly fromMs: number;
  readonly state: JobState;
  readonly tryNumber: number;
  /** When the try began to be active; the start of the job before that. */
  readonly tryStartMs: number;
  /**
   * Part of the work done at the beginning and at the end of the phase; 1 is all of it. Where the
   * two are equal, the row does not change during the phase.
   */
  readonly work: readonly [begin: number, end: number];
  readonly status: number;
  readonly queueReason: number;
  /** When the job ended, to the second; 0 while it has not. */
  readonly endMs: number;
  /** `lastUpdateTime`, for a phase in which nothing moves. */
  readonly updateMs: number;
}

/** A job from birth to end. */
export interface Life {
  /** Number of the job in the order of birth. */
  readonly sequence: number;
  readonly bornMs: number;
  /** Number of the parent; its own for a root. */
  readonly parent: number;
  readonly children: readonly number[];
  readonly phases: readonly Phase[];
}

/** How jobs live. */
export interface LifeSettings {
  readonly seed: number;
  readonly jobsPerHour: number;
  /** Mean duration of a try. */
  readonly meanDurationMs: number;
  /** Part of the finished jobs that is resumed, and ends once more. */
  readonly resumeRatio: number;
  /** Part of the finished jobs whose figures grow after the end. */
  readonly growthRatio: number;
  /** Part of the finished jobs that the server shows as finished only some time after the end. */
  readonly lateRatio: number;
  /** The longest such delay. */
  readonly lateByMs: number;
}

/** No job is unfinished, or changes, when it is older than this many mean durations. */
export const MAX_LIFE = 40;

/** The first job was born at this time. */
export const WORLD_BEGIN_MS = Date.UTC(2020, 0, 1);

/** Length of time between two births. */
export function birthInterval(settings: LifeSettings): number {
  return 3_600_000 / settings.jobsPerHour;
}

/** When a job is born. */
export function bornAt(settings: LifeSettings, sequence: number): number {
  return WORLD_BEGIN_MS + Math.floor(sequence * birthInterval(settings));
}

/** The life of a job. */
export function lifeOf(settings: LifeSettings, sequence: number): Life {
  const kin = relativesOf(settings.seed, sequence);
  const children = kin.children.map((offset) => sequence + offset);
  const bornMs = bornAt(settings, sequence);
  const phases = children.length > 0
    ? parentPhases(settings, sequence, bornMs, children)
    : leafPhases(settings, diceOf(settings.seed, sequence), bornMs);
  return { sequence, bornMs, parent: sequence + kin.parent, children, phases };
}

/** The phase a job is in; undefined before its birth. */
export function phaseAt(life: Life, nowMs: number): Phase | undefined {
  return life.phases.findLast((phase) => phase.fromMs <= nowMs);
}

/** When the next phase begins; undefined when this is the last. */
export function nextChange(life: Life, nowMs: number): number | undefined {
  return life.phases.find((phase) => phase.fromMs > nowMs)?.fromMs;
}

/** Questions for the dice, each with its own number. */
const ASK = {
  queue: 10,
  longQueue: 11,
  reason: 12,
  duration: 13,
  fate: 14,
  failure: 15,
  cut: 16,
  pause: 17,
  retry: 18,
  retryWait: 19,
  second: 20,
  resume: 21,
  resumeWait: 22,
  growth: 23,
  late: 24,
  lateBy: 25,
} as const;

function leafPhases(settings: LifeSettings, dice: Dice, bornMs: number): Phase[] {
  const mean = settings.meanDurationMs;
  const timeline = createTimeline(bornMs);
  const fate = dice.unit(ASK.fate);
  const reason = 1 + dice.below(ASK.reason, 30);
  const long = dice.unit(ASK.longQueue) < 0.15;
  timeline.stay("QUEUED", dice.wait(ASK.queue, mean * (long ? 0.5 : 0.02), 4), long ? reason : 0);

  // Status 196: the window closed before the job could begin.
  if (fate < 0.01) return timeline.finish(196, 0);

  const retried = dice.unit(ASK.retry) < 0.04;
  if (retried) {
    timeline.work(dice.wait(ASK.second, mean * 0.5, 8), dice.unit(ASK.cut));
    timeline.stay("REQUEUED", mean * 0.02, 0);
    timeline.stay("QUEUED", dice.wait(ASK.retryWait, mean * 0.1, 8), reason);
    timeline.nextTry();
  }
  const duration = dice.wait(ASK.duration, mean, 12);
  const pause = dice.unit(ASK.pause);
  if (pause < 0.02) {
    timeline.work(duration / 2, 0.5);
    timeline.stay(pause < 0.01 ? "SUSPENDED" : "INCOMPLETE", mean * 2 * dice.unit(ASK.cut), 0);
  }
  const status = statusOf(dice, fate);
  const done = status === 0 || status === 1 ? 1 : 0.5 + 0.5 * dice.unit(ASK.cut);
  timeline.work(pause < 0.02 ? duration / 2 : duration, done);
  const lateMs = dice.unit(ASK.late) < settings.lateRatio
    ? dice.unit(ASK.lateBy) * settings.lateByMs
    : 0;
  timeline.finish(status, lateMs);

  const wait = mean * (0.2 + dice.unit(ASK.resumeWait)) + lateMs;
  if (dice.unit(ASK.resume) < settings.resumeRatio) {
    timeline.stay("DONE", wait, 0);
    timeline.work(mean * 0.5, 1);
    timeline.finish(0, 0);
  } else if (dice.unit(ASK.growth) < settings.growthRatio) {
    timeline.grow(wait, done * 1.25);
  }
  return timeline.phases;
}

function statusOf(dice: Dice, fate: number): number {
  if (fate < 0.02) return 150;
  if (fate < 0.07) return dice.pick(ASK.failure, FAILURES);
  return fate < 0.12 ? 1 : 0;
}

/** A parent is active from soon after its birth until soon after its last child has ended. */
function parentPhases(
  settings: LifeSettings,
  sequence: number,
  bornMs: number,
  children: readonly number[],
): Phase[] {
  const timeline = createTimeline(bornMs);
  let endMs = bornMs;
  let status = 0;
  for (const child of children) {
    const end = lifeOf(settings, child).phases.find((phase) => phase.state === "DONE");
    if (!end) continue;
    endMs = Math.max(endMs, end.updateMs);
    if (end.status !== 0) status = 1;
  }
  const slack = settings.meanDurationMs * 0.01 * (1 + diceOf(settings.seed, sequence).unit(0));
  timeline.stay("QUEUED", Math.min(slack, 1000), 0);
  timeline.work(Math.max(0, endMs + slack - timeline.nowMs()), 1);
  return timeline.finish(status, 0);
}

interface Timeline {
  readonly phases: Phase[];
  nowMs(): number;
  /** Remains in a state in which nothing moves. */
  stay(state: JobState, durationMs: number, queueReason: number): void;
  /** Is active until this part of the work is done. */
  work(durationMs: number, until: number): void;
  /** Begins the work anew when it next becomes active. */
  nextTry(): void;
  /** Ends; the server shows it `lateMs` later. */
  finish(status: number, lateMs: number): Phase[];
  /** Has more figures than before some time after the end. */
  grow(afterMs: number, until: number): void;
}

function createTimeline(bornMs: number): Timeline {
  const phases: Phase[] = [];
  let now = bornMs;
  let tryNumber = 1;
  let tryStartMs: number | undefined;
  let done = 0;
  let last: Phase | undefined;
  const push = (phase: Partial<Phase> & Pick<Phase, "state">) => {
    last = {
      fromMs: now,
      tryNumber,
      tryStartMs: tryStartMs ?? bornMs,
      work: [done, done],
      status: 0,
      queueReason: 0,
      endMs: 0,
      updateMs: now,
      ...phase,
    };
    phases.push(last);
  };
  const pass = (durationMs: number) => {
    now += Math.max(1, Math.floor(durationMs));
  };
  return {
    phases,
    nowMs: () => now,
    stay(state, durationMs, queueReason) {
      // A finished job that stays finished is no new phase.
      if (state !== "DONE") push({ state, queueReason });
      pass(durationMs);
    },
    work(durationMs, until) {
      tryStartMs ??= now;
      push({ state: "ACTIVE", work: [done, until] });
      done = until;
      pass(durationMs);
    },
    nextTry() {
      tryNumber += 1;
      tryStartMs = undefined;
      done = 0;
    },
    finish(status, lateMs) {
      const endMs = Math.floor(now / 1000) * 1000;
      const updateMs = now;
      if (lateMs >= 1) {
        // Until the server notices, the row stands still.
        push({ state: "ACTIVE" });
        now += Math.floor(lateMs);
      }
      push({ state: "DONE", status, endMs, updateMs });
      return phases;
    },
    grow(afterMs, until) {
      const ended = last;
      if (!ended) return;
      pass(afterMs);
      phases.push({ ...ended, fromMs: now, work: [until, until], updateMs: now });
    },
  };
}
