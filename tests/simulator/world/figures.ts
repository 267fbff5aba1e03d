/**
 * The attributes of a generated job at an instant.
 *
 * @module
 */
import { isoDuration, type JobFigures, NOT_ENDED } from "../jobs/attributes.ts";
import { type Life, nextChange, type Phase } from "./life.ts";
import { CATALOG_POLICY, type JobKind, KINDS, type Policy } from "./names.ts";
import type { Population } from "./population.ts";
import { type Dice, diceOf } from "./random.ts";

/** The figures of an active job move in steps of this length. */
const STEP_MS = 15_000;

/** When the row of a job was last changed. */
export function lastUpdateMs(life: Life, phase: Phase, nowMs: number): number {
  const [begin, until] = phase.work;
  if (begin === until) return phase.updateMs;
  const end = nextChange(life, phase.fromMs) ?? Infinity;
  const steps = Math.floor((Math.min(nowMs, end - 1) - phase.fromMs) / STEP_MS);
  return phase.fromMs + steps * STEP_MS;
}

/** `startTime` of a job, in milliseconds: the second of its birth. */
export function startMs(life: Life): number {
  return Math.floor(life.bornMs / 1000) * 1000;
}

const ASK = {
  kind: 101,
  policy: 102,
  client: 103,
  schedule: 104,
  unit: 105,
  size: 106,
  files: 107,
  dedup: 108,
  compression: 109,
  accelerator: 110,
  subject: 111,
  selfParent: 112,
  zeroParent: 113,
} as const;

/** Jobs that move no data of their own. */
const WITHOUT_DATA: ReadonlySet<JobKind> = new Set(["IMAGEDELETE", "SNAPSHOT", "VERIFY"]);

/** Types of policies that have snapshots made. */
const WITH_SNAPSHOTS: ReadonlySet<string> = new Set([
  ...["VMWARE", "HYPERV", "NAS_DATA_PROTECTION", "CLOUD"],
]);

/** What the attributes are made of. */
export interface FiguresInput {
  readonly seed: number;
  readonly population: Population;
  readonly life: Life;
  readonly phase: Phase;
  readonly nowMs: number;
  /** Job id of a job by its number. */
  readonly idOf: (sequence: number) => number;
  /** The life of a job by its number. */
  readonly lifeOf: (sequence: number) => Life;
}

/** What the attributes of a job are at an instant, but for those that are the same for all jobs. */
export function figuresAt(input: FiguresInput): JobFigures {
  const { seed, population, life, phase, nowMs, idOf } = input;
  const dice = diceOf(seed, life.sequence);
  const root = rootOf(input);
  // A family is of one kind, policy and client.
  const family = diceOf(seed, root);
  const subject = family.pick(ASK.client, population.clients);
  const own = family.pick(ASK.policy, population.policiesOf(subject));
  const drawn = kindOf(family);
  const kind = isRun(drawn, own, population) ? drawn : "BACKUP";
  const policy = kind === "DBBACKUP" ? CATALOG_POLICY : own;
  const schedule = dice.pick(ASK.schedule, policy.schedules);
  const client = kind === "IMAGEDELETE" ? "" : subject;
  const isParent = life.children.length > 0;
  const jobId = idOf(life.sequence);
  const update = lastUpdateMs(life, phase, nowMs);
  const done = workDone(life, phase, update);
  const total = isParent ? parentSize(input, kind) : sizeOf(dice, kind);
  const kilobytes = Math.floor(total.kilobytes * done);
  const began = startMs(life);
  const ended = phase.endMs;
  const activeMs = Math.max(0, (ended || update) - phase.tryStartMs);
  const finished = phase.state === "DONE";
  const savings = finished && !isParent ? savingsOf(dice, kind) : NO_SAVINGS;
  const running = phase.state === "ACTIVE";

  // One literal, as objects put together from others are slow to write as JSON.
  const figures: JobFigures = {
    jobId,
    parentJobId: parentJobId(input, dice),
    jobType: kind,
    jobSubType: kind === "RESTORE" || kind === "IMAGEDELETE" ? "IMMEDIATE" : "SCHEDULED",
    policyName: kind === "IMAGEDELETE" ? "" : policy.name,
    scheduleType: kind === "BACKUP" || kind === "DBBACKUP" ? schedule.type : "UNUSED",
    scheduleName: isParent ? "-" : schedule.name,
    clientName: client,
    backupId: isParent || client === "" ? "" : `${client}_${Math.floor(began / 1000)}`,
    destinationStorageUnitName: isParent ? "" : family.pick(ASK.unit, population.units),
    destinationMediaServerName: isParent ? "" : "media01.example.com",
    streamNumber: isParent ? -1 : 1,
    status: phase.status,
    state: phase.state,
    numberOfFiles: Math.floor(total.files * done),
    estimatedFiles: total.files,
    kilobytesTransferred: kilobytes,
    kilobytesToTransfer: Math.max(0, Math.floor(total.kilobytes) - kilobytes),
    kilobytesDataTransferred: Math.floor(kilobytes * (1 - savings.dedupRatio / 100)),
    transferRate: activeMs > 0 ? Math.floor(kilobytes / (activeMs / 1000)) : 0,
    percentComplete: finished ? 100 : Math.min(99, Math.floor(100 * done)),
    resumable: phase.state === "SUSPENDED" || phase.state === "INCOMPLETE" ? 1 : 0,
    suspendable: running && !isParent ? 1 : 0,
    cancellable: finished ? 0 : 1,
    dedupRatio: savings.dedupRatio,
    dedupSpaceRatio: savings.dedupSpaceRatio,
    compressionSpaceRatio: savings.compressionSpaceRatio,
    acceleratorOptimization: savings.acceleratorOptimization,
    currentOperation: isParent ? 27 : running ? 3 : -99,
    jobQueueReason: phase.queueReason,
    jobQueueResource: phase.queueReason > 0 ? "stu_msdp_01" : "",
    startTime: iso(began),
    endTime: ended === 0 ? NOT_ENDED : iso(ended),
    activeTryStartTime: iso(phase.tryStartMs),
    lastUpdateTime: iso(update),
    try: phase.tryNumber,
    elapsedTime: isoDuration((ended || nowMs) - began),
    activeElapsedTime: isoDuration((ended || nowMs) - phase.tryStartMs),
    childCount: life.children.filter((child) => input.lifeOf(child).bornMs <= nowMs).length,
    jobPath: jobPath(input),
  };
  if (kind !== "IMAGEDELETE") figures.policyType = policy.type;
  return figures;
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

function rootOf({ life, lifeOf }: FiguresInput): number {
  let root = life;
  while (root.parent !== root.sequence) root = lifeOf(root.parent);
  return root.sequence;
}

function jobPath({ life, lifeOf, idOf }: FiguresInput): string {
  const path = [idOf(life.sequence)];
  for (let at = life; at.parent !== at.sequence; at = lifeOf(at.parent)) {
    path.unshift(idOf(at.parent));
  }
  return path.join(".");
}

/** A root names 0 or, as parents in the vendor's samples do, itself. */
function parentJobId({ life, idOf }: FiguresInput, dice: Dice): number {
  if (life.parent !== life.sequence) return idOf(life.parent);
  return life.children.length > 0 && dice.unit(ASK.selfParent) < 0.5 ? idOf(life.sequence) : 0;
}

function kindOf(dice: Dice): JobKind {
  let chance = dice.unit(ASK.kind);
  for (const [kind, share] of KINDS) {
    if (chance < share) return kind;
    chance -= share;
  }
  return "BACKUP";
}

/** Whether there are jobs of a kind for a policy. */
function isRun(kind: JobKind, policy: Policy, { kinds }: Population): boolean {
  if (kind === "SNAPSHOT" && !WITH_SNAPSHOTS.has(policy.type)) return false;
  return kinds?.has(kind) ?? true;
}

/** Part of the work done when the row was last changed. */
function workDone(life: Life, phase: Phase, updateMs: number): number {
  const [begin, end] = phase.work;
  if (begin === end) return end;
  const until = nextChange(life, phase.fromMs) ?? updateMs;
  const length = until - phase.fromMs;
  return length > 0 ? begin + (end - begin) * ((updateMs - phase.fromMs) / length) : end;
}

interface Size {
  readonly kilobytes: number;
  readonly files: number;
}

/** From one megabyte to one terabyte, small ones being frequent. */
function sizeOf(dice: Dice, kind: JobKind): Size {
  if (WITHOUT_DATA.has(kind)) return { kilobytes: 0, files: 0 };
  return {
    kilobytes: Math.floor(1024 * 10 ** (6 * dice.unit(ASK.size) ** 2)),
    files: Math.floor(10 ** (5 * dice.unit(ASK.files))),
  };
}

/** Some parents show nothing, some the sum of what their children will have moved. */
function parentSize({ seed, life, lifeOf }: FiguresInput, kind: JobKind): Size {
  if (diceOf(seed, life.sequence).unit(ASK.zeroParent) < 0.5) return { kilobytes: 0, files: 0 };
  const leaves: number[] = [];
  const collect = (children: readonly number[]) => {
    for (const child of children) {
      const below = lifeOf(child).children;
      if (below.length > 0) collect(below);
      else leaves.push(child);
    }
  };
  collect(life.children);
  const sizes = leaves.map((leaf) => sizeOf(diceOf(seed, leaf), kind));
  return {
    kilobytes: sizes.reduce((sum, size) => sum + size.kilobytes, 0),
    files: sizes.reduce((sum, size) => sum + size.files, 0),
  };
}

const NO_SAVINGS = {
  dedupRatio: 0,
  dedupSpaceRatio: 0,
  compressionSpaceRatio: 0,
  acceleratorOptimization: 0,
};

/** Savings in percent with decimals; only some kinds of jobs report any. */
function savingsOf(dice: Dice, kind: JobKind): typeof NO_SAVINGS {
  if (kind !== "BACKUP" && kind !== "DUPLICATE") return NO_SAVINGS;
  if (dice.unit(ASK.subject) < 0.2) return NO_SAVINGS;
  const dedup = oneDecimal(40 + 55 * dice.unit(ASK.dedup));
  const compression = oneDecimal(4 * dice.unit(ASK.compression));
  return {
    dedupRatio: oneDecimal(dedup + compression),
    dedupSpaceRatio: dedup,
    compressionSpaceRatio: compression,
    acceleratorOptimization: oneDecimal(100 * dice.unit(ASK.accelerator)),
  };
}

const oneDecimal = (value: number): number => Math.round(value * 10) / 10;
