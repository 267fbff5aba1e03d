/**
 * Makes the parts of a simulated primary from its options.
 *
 * @module
 */
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { createFinishedBackups } from "./jobs/backups.ts";
import { createJobStore, type JobStore } from "./jobs/store.ts";
import { createMemo } from "./lists/memo.ts";
import { createLists, type Lists } from "./lists/service.ts";
import { createListWorld } from "./lists/world.ts";
import type { Settings, SimulatorOptions, Switches } from "./options.ts";
import { createStorageUnits, GENERATED_UNITS, type StorageUnits } from "./storage/source.ts";
import { populationOf, USUAL_POPULATION } from "./world/population.ts";

/** What a simulated primary consists of, but for its HTTP. */
export interface Parts {
  readonly seed: number;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly switches: Switches;
  readonly jobs: JobStore;
  readonly storageUnits: StorageUnits;
  readonly lists: Lists;
  /** Sets how far NetBackup's clock is ahead of `clock`, in milliseconds. */
  setSkew(milliseconds: number): void;
}

/** Makes the parts; every option may be left out. */
export function createParts(options: SimulatorOptions): Parts {
  const { clock = systemClock, seed = 1 } = options;
  let { skewMs = 0 } = options;
  const now = () => clock.now() + skewMs;
  const settings: Settings = {
    serverName: options.serverName ?? "primary.example.com",
    basePath: options.basePath ?? "/netbackup",
    clock,
    now,
    latencyMs: options.latencyMs ?? 0,
    versionHeader: options.versionHeader ?? true,
    rejectedFilterFields: new Set(options.rejectedFilterFields),
    unfinishedEndTime: options.unfinishedEndTime ?? "epoch",
    nextOnLastPage: options.nextOnLastPage ?? false,
  };
  const switches: Switches = {
    apiVersion: options.apiVersion ?? "14.0",
    apiKey: options.apiKey ?? "simulator-key",
    denied: new Set(options.denied),
    granted: options.granted && new Set(options.granted),
  };
  const population = options.population
    ? populationOf(options.population, options.storageUnitCount ?? GENERATED_UNITS)
    : USUAL_POPULATION;
  const jobs = createJobStore({
    seed,
    population,
    jobsPerHour: options.jobsPerHour ?? 0,
    meanDurationMs: (options.meanDurationSeconds ?? 300) * 1000,
    resumeRatio: options.resumeRatio ?? 0.005,
    growthRatio: options.growthRatio ?? 0.01,
    lateRatio: options.lateRatio ?? 0,
    lateByMs: (options.lateBySeconds ?? 30) * 1000,
    retentionMs: (options.historyHours ?? 2) * 3_600_000,
  }, now);
  const storageUnits = createStorageUnits(options.storageUnits, options.storageUnitCount);
  const memo = createMemo();
  const finishedBackups = createFinishedBackups(jobs);
  const lists = createLists((nowMs = now(), count) =>
    createListWorld({
      seed,
      population,
      serverName: settings.serverName,
      version: switches.apiVersion,
      nowMs,
      storageUnits: storageUnits.at,
      finishedBackups,
      apiKey: switches.apiKey,
      caCertificate: options.caCertificate,
      memo,
    }, count)
  );
  return {
    seed,
    clock,
    settings,
    switches,
    jobs,
    storageUnits,
    lists,
    setSkew(milliseconds) {
      skewMs = milliseconds;
    },
  };
}
