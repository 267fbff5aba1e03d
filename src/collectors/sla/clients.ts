/**
 * What is remembered of clients to say on which backup days they were backed up.
 *
 * @module
 */
import * as v from "valibot";
import { DAY_MS } from "../../base/time_units.ts";
import type { Completion } from "../../ledger/completions.ts";
import { setBounded } from "../../base/bounded_map.ts";
import type { LabelFilter } from "../options/label_filter.ts";
import { type BackupDay, backupDayAt, type BackupDays, dayBefore } from "./backup_day.ts";

/** How a client fared on a backup day. */
export type Outcome = typeof OUTCOMES[number];

/** All outcomes. */
export const OUTCOMES = ["met", "missed", "new", "excluded"] as const;

/** Clients that are remembered; those longest without a sign give way. */
const MAX_CLIENTS = 20_000;
/** Backup days that are remembered, and that are counted later where the exporter was not running. */
const MAX_DAYS = 8;
/** A client in no policy that was not tried for this long is gone, in milliseconds. */
const MAX_IDLE_MS = 7 * DAY_MS;

const instant = v.pipe(v.number(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** An `SlaClients` in a checkpoint. */
export const slaDocument = v.object({
  /** Client, when it was first seen, when it was last tried, and its successes on the last days. */
  clients: v.pipe(
    v.array(v.tuple([
      v.string(),
      instant,
      instant,
      v.pipe(v.array(instant), v.maxLength(MAX_DAYS)),
    ])),
    v.maxLength(MAX_CLIENTS),
  ),
  /** Since when clients are watched; null = not yet. */
  sinceMs: v.nullable(instant),
  /** End of the last day that was counted; null = none was. */
  countedToMs: v.nullable(instant),
  counts: v.object({ met: count, missed: count, new: count, excluded: count }),
});

/** See `slaDocument`. */
export type SlaDocument = v.InferOutput<typeof slaDocument>;

/** What decides about the completions that count. */
export interface SlaOptions extends BackupDays {
  readonly policy: LabelFilter;
}

interface Client {
  readonly firstSeenMs: number;
  readonly lastTriedMs: number;
  /** End of the last success of each of the last days that have one, ascending. */
  readonly successes: readonly number[];
}

/** Clients, and how they fared. */
export class SlaClients {
  readonly #clients = new Map<string, Client>();
  readonly #counts = { met: 0, missed: 0, new: 0, excluded: 0 };
  #sinceMs: number | undefined;
  #countedToMs: number | undefined;
  /** The day of the last completion: most are of the same. */
  #day: BackupDay | undefined;
  #days: BackupDays | undefined;

  /** Client days by outcome so far. */
  get counts(): Readonly<Record<Outcome, number>> {
    return this.#counts;
  }

  /** Takes in a job that has ended. Only backups without jobs below them count. */
  observe(completion: Completion, options: SlaOptions): void {
    const { client, policy, action, childCount, status, endMs } = completion;
    const counts = action === "BACKUP" && childCount === 0 && client !== "" && policy !== "";
    if (!counts || !options.policy.allows(policy)) return;
    const known = this.#clients.get(client);
    this.#set(client, {
      firstSeenMs: known?.firstSeenMs ?? endMs,
      lastTriedMs: Math.max(known?.lastTriedMs ?? 0, endMs),
      // Where some files were skipped (status 1) there is a backup all the same.
      successes: status === 0 || status === 1
        ? this.#withSuccess(known?.successes ?? [], endMs, options)
        : known?.successes ?? [],
    });
  }

  /** Notes the clients of policies, some of which may never have been tried. */
  noteClients(clients: Iterable<string>, nowMs: number): void {
    for (const client of clients) {
      const known = this.#clients.get(client);
      this.#set(client, known ?? { firstSeenMs: nowMs, lastTriedMs: nowMs, successes: [] });
    }
  }

  /** Evicts clients that are in no policy and were not tried for a week. */
  evict(nowMs: number, isInPolicy: (client: string) => boolean): void {
    for (const [client, { lastTriedMs }] of this.#clients) {
      if (nowMs - lastTriedMs > MAX_IDLE_MS && !isInPolicy(client)) this.#clients.delete(client);
    }
  }

  /**
   * The last backup day that is over.
   *
   * @returns Undefined where clients were not watched yet.
   */
  lastDay(nowMs: number, days: BackupDays): BackupDay | undefined {
    this.#sinceMs ??= nowMs;
    const day = dayBefore(backupDayAt(nowMs, days), days);
    return day.endMs > this.#sinceMs ? day : undefined;
  }

  /** How many clients fared how on a day. */
  outcomesOn(
    { startMs, endMs }: BackupDay,
    isExcluded: (client: string) => boolean,
  ): Record<Outcome, number> {
    const outcomes = { met: 0, missed: 0, new: 0, excluded: 0 };
    for (const [client, { firstSeenMs, successes }] of this.#clients) {
      if (firstSeenMs >= endMs) continue;
      if (isExcluded(client)) outcomes.excluded++;
      else if (successes.some((at) => at >= startMs && at < endMs)) outcomes.met++;
      else if (firstSeenMs >= startMs) outcomes.new++;
      else outcomes.missed++;
    }
    return outcomes;
  }

  /** Counts the days up to one that were not counted yet, as far back as is remembered. */
  countDays(last: BackupDay, days: BackupDays, isExcluded: (client: string) => boolean): void {
    const due: BackupDay[] = [];
    for (let day = last; due.length < MAX_DAYS - 1; day = dayBefore(day, days)) {
      const isDone = day.startMs < (this.#countedToMs ?? -Infinity) ||
        day.endMs <= (this.#sinceMs ?? Infinity);
      if (isDone) break;
      due.push(day);
    }
    for (const day of due) {
      const outcomes = this.outcomesOn(day, isExcluded);
      for (const outcome of OUTCOMES) this.#counts[outcome] += outcomes[outcome];
    }
    this.#countedToMs = Math.max(last.endMs, this.#countedToMs ?? 0);
  }

  /** The clients as a value for JSON. */
  serialize(): SlaDocument {
    return {
      clients: [...this.#clients].map((
        [client, { firstSeenMs, lastTriedMs, successes }],
      ) => [client, firstSeenMs, lastTriedMs, [...successes]]),
      sinceMs: this.#sinceMs ?? null,
      countedToMs: this.#countedToMs ?? null,
      counts: { ...this.#counts },
    };
  }

  /**
   * Restores what was serialized.
   *
   * @param stale More was published than was kept: the counters begin at 0.
   */
  restore({ clients, sinceMs, countedToMs, counts }: SlaDocument, stale: boolean): void {
    for (const [client, firstSeenMs, lastTriedMs, successes] of clients) {
      this.#set(client, { firstSeenMs, lastTriedMs, successes });
    }
    this.#sinceMs = sinceMs ?? undefined;
    this.#countedToMs = countedToMs ?? undefined;
    if (!stale) Object.assign(this.#counts, counts);
  }

  #set(client: string, entry: Client): void {
    setBounded(this.#clients, client, entry, MAX_CLIENTS);
  }

  /** Of each day the last success is enough. */
  #withSuccess(successes: readonly number[], endMs: number, days: BackupDays): readonly number[] {
    const { startMs, endMs: dayEndMs } = this.#dayAt(endMs, days);
    const others = successes.filter((at) => at < startMs || at >= dayEndMs);
    const ofDay = successes.filter((at) => at >= startMs && at < dayEndMs);
    return [...others, Math.max(endMs, ...ofDay)].sort((a, b) => a - b).slice(-MAX_DAYS);
  }

  #dayAt(timeMs: number, days: BackupDays): BackupDay {
    const cached = this.#days === days ? this.#day : undefined;
    if (cached && timeMs >= cached.startMs && timeMs < cached.endMs) return cached;
    const day = backupDayAt(timeMs, days);
    this.#days = days;
    this.#day = day;
    return day;
  }
}
