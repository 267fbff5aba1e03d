/**
 * What the rows of a list are made from: a time, the version, and the rest of the generated world.
 *
 * @module
 */
import type { JobAttributes } from "../jobs/attributes.ts";
import { type ApiVersion, releaseOf } from "../protocol/version.ts";
import type { StorageUnitRow } from "../storage/units.ts";
import type { Population } from "../world/population.ts";
import { type Dice, diceOf } from "../world/random.ts";
import type { Memo } from "./memo.ts";

const DAY_MS = 86_400_000;

/** In place of a certificate. */
const NO_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/** Where a world comes from. */
export interface WorldParts {
  readonly seed: number;
  readonly population: Population;
  readonly serverName: string;
  /** API version of the server. */
  readonly version: ApiVersion;
  readonly nowMs: number;
  readonly storageUnits: (nowMs: number) => readonly StorageUnitRow[];
  readonly finishedBackups: (nowMs: number) => readonly JobAttributes[];
  /** The key that the server knows. */
  readonly apiKey: string;
  /** PEM of the server's authority; a text that looks like one unless given. */
  readonly caCertificate?: string | undefined;
  readonly memo: Memo;
}

/** The generated world, as a list sees it. */
export interface ListWorld {
  readonly seed: number;
  readonly population: Population;
  readonly serverName: string;
  /** API version of the server: what a row looks like depends on the release, not on `Accept`. */
  readonly version: number;
  /** Release of the server, `10.5`. */
  readonly release: string;
  /** NetBackup's time, in milliseconds since the epoch. */
  readonly nowMs: number;
  readonly apiKey: string;
  readonly caCertificate: string;
  readonly memo: Memo;
  /** ISO date-time this many days after (before, when negative) the begin of the present day. */
  days(days: number): string;
  /** The same in milliseconds since the epoch. */
  daysMs(days: number): number;
  /** Number of rows that a test asked for. */
  readonly count: number | undefined;
  /** Chance that belongs to a thing of this name and number. */
  dice(name: string, index: number): Dice;
  /**
   * Makes rows: as many as the world usually has, or as a test asked for.
   *
   * @param make Makes the row of this index; the ids must differ.
   */
  many<T>(usual: number, make: (index: number) => T): T[];
  /**
   * Makes things that happened one after another at a steady pace, the newest first. Each keeps its
   * number and its time as the clock moves on.
   */
  events<T>(
    usual: number,
    everyMs: number,
    make: (sequence: number, timeMs: number, index: number) => T,
  ): T[];
  storageUnits(): readonly StorageUnitRow[];
  /**
   * Backups that ended with status 0 or 1 and have data of their own. As long as they are the same,
   * so is the array.
   */
  finishedBackups(): readonly JobAttributes[];
}

/**
 * Makes the world of one list.
 *
 * @param count Number of rows that a test asked for.
 */
export function createListWorld(parts: WorldParts, count?: number): ListWorld {
  const { seed, population, serverName, version, nowMs, apiKey, memo } = parts;
  const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const many = <T>(usual: number, make: (index: number) => T): T[] =>
    Array.from({ length: count ?? usual }, (_, index) => make(index));
  return {
    seed,
    population,
    serverName,
    version: Number(version),
    release: releaseOf(version),
    nowMs,
    apiKey,
    caCertificate: parts.caCertificate ?? NO_CERTIFICATE,
    memo,
    days: (days) => iso(dayMs + days * DAY_MS),
    daysMs: (days) => dayMs + days * DAY_MS,
    dice: (name, index) => diceOf(seed ^ numberOf(name), index),
    count,
    many,
    events(usual, everyMs, make) {
      const newest = Math.floor(nowMs / everyMs);
      return many(usual, (index) => make(newest - index, (newest - index) * everyMs, index));
    },
    storageUnits: () => parts.storageUnits(nowMs),
    finishedBackups: () => parts.finishedBackups(nowMs),
  };
}

/** ISO 8601 date-time of a time in milliseconds since the epoch. */
export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** FNV-1a. */
function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash | 0;
}
