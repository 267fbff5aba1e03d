/**
 * What a site has to say beside how it is collected from: failed jobs, space, expiries, late clients.
 * Each finding says what it lacks, so that nothing is taken for healthy that was not looked at. Times
 * are milliseconds since the epoch.
 *
 * @module
 */
import type { ActiveJob } from "../../collectors/collector.ts";
import type { JobOutcomes } from "../../collectors/outcomes/types.ts";

export type {
  FailedJob,
  JobOutcomes,
  LongJob,
  StatusCount,
} from "../../collectors/outcomes/types.ts";

/**
 * Why a collector adds nothing, or nothing new, to a finding. `empty`: it succeeded and has never
 * found a row, which a missing permission looks like; `catching_up`: it has not read all there is.
 */
export type GapProblem =
  | "off"
  | "waiting"
  | "failed"
  | "stale"
  | "unsupported"
  | "empty"
  | "catching_up";

/** What a finding lacks. */
export interface Gap {
  /** Name of the collector. */
  readonly collector: string;
  readonly problem: GapProblem;
  /** Since when; undefined where that is not known, or nothing new. */
  readonly since: number | undefined;
  /** Part that is done, 0..1, while it catches up. */
  readonly progress: number | undefined;
}

/** A finding, as far as it was collected. */
export interface Finding<T> {
  /** Undefined where nothing is known. An empty list was looked at. */
  readonly value: T | undefined;
  /** When the oldest part of it was read; undefined where nothing is known. */
  readonly asOf: number | undefined;
  readonly gaps: readonly Gap[];
}

/** A job that is running. */
export interface RunningJob extends ActiveJob {
  readonly durationMs: number;
  /** How long such jobs took before; undefined where too few were seen. */
  readonly usualMs: number | undefined;
  /** It takes much longer than usual. */
  readonly overruns: boolean;
}

/** Something that expires. */
export interface Expiry {
  /** What it is, see the metric `nbu_expiry_timestamp_seconds`. */
  readonly kind: string;
  readonly name: string;
  readonly at: number;
}

/** Clients of a policy that were not backed up as often as they should have been. */
export interface OverduePolicy {
  readonly policy: string;
  readonly clients: number;
}

/** Kind of storage. */
export type StoreKind = "disk_pool" | "storage_unit";

/**
 * When storage is full if it grows as in the last seven days: a time, or why there is none.
 * `no_history`: there is less than a day of samples; `not_growing`: it does not grow, or so slowly
 * that it would take ten years.
 */
export type Forecast =
  | { readonly kind: "full_at"; readonly at: number }
  | { readonly kind: "full" | "no_history" | "not_growing" };

/** A disk pool or a storage unit. */
export interface StoreSpace {
  readonly kind: StoreKind;
  readonly name: string;
  /** In bytes. */
  readonly used: number;
  readonly free: number;
  readonly forecast: Forecast;
  /** Growth in bytes a day; undefined without history. */
  readonly growthPerDay: number | undefined;
  /** How long it has been watched, up to seven days, in milliseconds. */
  readonly watchedMs: number;
}

/** All findings of a site. */
export interface SiteFindings {
  readonly jobs: Finding<JobOutcomes>;
  /** Those that overrun first, then those that began first; undefined where that is not known. */
  readonly running: readonly RunningJob[] | undefined;
  /** The soonest first. */
  readonly expiries: Finding<readonly Expiry[]>;
  /** Those first that will be full first. */
  readonly space: Finding<readonly StoreSpace[]>;
  /** Policies with overdue clients, those with most first. */
  readonly overdue: Finding<readonly OverduePolicy[]>;
}
