/**
 * How long jobs usually take: the median of the last successful ones of the same purpose.
 *
 * @module
 */
import * as v from "valibot";
import { setBounded } from "../../base/bounded_map.ts";
import { type Purpose, purposeKey } from "./purpose.ts";

/** Durations that are kept of each purpose. */
const MAX_DURATIONS = 7;
/** With fewer, nothing is usual. */
const MIN_DURATIONS = 3;
/** Purposes that are kept; those give way whose last job is longest ago. */
const MAX_PURPOSES = 5000;

/** A job that takes longer than usual by this factor overruns … */
const OVERRUN_FACTOR = 2;
/** … if it is by this much, too, in milliseconds. */
const MIN_OVERRUN_MS = 10 * 60_000;

/** Durations by purpose in a checkpoint, in milliseconds. */
export const durationsDocument = v.array(v.tuple([v.string(), v.array(v.number())]));

/** See `durationsDocument`. */
export type DurationsDocument = v.InferOutput<typeof durationsDocument>;

/** Keeps durations. */
export class UsualDurations {
  readonly #durations = new Map<string, readonly number[]>();

  /** Takes in how long a job took, in milliseconds. */
  add(purpose: Purpose, durationMs: number): void {
    const key = purposeKey(purpose);
    this.#set(key, [...this.#durations.get(key) ?? [], durationMs]);
  }

  /** How long a job of this purpose takes, in milliseconds; undefined where too few were seen. */
  usualMs(purpose: Purpose): number | undefined {
    const durations = this.#durations.get(purposeKey(purpose)) ?? [];
    if (durations.length < MIN_DURATIONS) return undefined;
    return durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)];
  }

  /** The durations as a value for JSON. */
  serialize(): DurationsDocument {
    return [...this.#durations].map(([key, durations]) => [key, [...durations]]);
  }

  /** Adds what was serialized. */
  restore(document: DurationsDocument): void {
    for (const [key, durations] of document) this.#set(key, durations);
  }

  #set(key: string, durations: readonly number[]): void {
    const kept = durations.length > MAX_DURATIONS ? durations.slice(-MAX_DURATIONS) : durations;
    setBounded(this.#durations, key, kept, MAX_PURPOSES);
  }
}

/** Whether a job that takes or took this long does so much longer than usual. */
export function overruns(durationMs: number, usualMs: number | undefined): boolean {
  if (usualMs === undefined) return false;
  return durationMs > OVERRUN_FACTOR * usualMs && durationMs - usualMs > MIN_OVERRUN_MS;
}
