/**
 * How a simulated primary is to be.
 *
 * @module
 */
import type { Clock } from "../../src/base/clock.ts";
import type { ApiVersion } from "./protocol/version.ts";
import type { StorageUnitInput } from "./storage/units.ts";
import type { PopulationSize } from "./world/population.ts";

/** Options of a simulated primary; every one may be left out. */
export interface SimulatorOptions {
  /** @default "14.0" */
  readonly apiVersion?: ApiVersion;
  /** @default "simulator-key" */
  readonly apiKey?: string;
  /** @default "/netbackup" */
  readonly basePath?: string;
  /** @default "primary.example.com" */
  readonly serverName?: string;
  /** @default systemClock */
  readonly clock?: Clock;
  /** How far the clock of NetBackup is ahead of `clock`, in milliseconds. */
  readonly skewMs?: number;
  /** Everything that is made up depends on it. @default 1 */
  readonly seed?: number;
  /** Clients and policies; each client is in one policy. Some of either, and all in all, unless given. */
  readonly population?: PopulationSize;
  /** Jobs born in an hour; 0 = none but those that are added. @default 0 */
  readonly jobsPerHour?: number;
  /** How long generated jobs are kept after their end. @default 2 */
  readonly historyHours?: number;
  /** Mean duration of a generated job. @default 300 */
  readonly meanDurationSeconds?: number;
  /** Part of the generated jobs that is resumed after the end and ends again. @default 0.005 */
  readonly resumeRatio?: number;
  /** Part of the generated jobs whose figures grow after the end. @default 0.01 */
  readonly growthRatio?: number;
  /**
   * Part of the generated jobs that is shown as finished only some time after the end, with the
   * `lastUpdateTime` of the end: rows that come late. @default 0
   */
  readonly lateRatio?: number;
  /** The longest such delay, in seconds. @default 30 */
  readonly lateBySeconds?: number;
  /** The storage units, in place of generated ones. */
  readonly storageUnits?: readonly StorageUnitInput[];
  /** Number of generated storage units. @default 12 */
  readonly storageUnitCount?: number;
  /** Time that every response takes, in milliseconds, by `clock`. @default 0 */
  readonly latencyMs?: number;
  /** Whether `GET /ping` names the version in a header. @default true */
  readonly versionHeader?: boolean;
  /** Path templates and RBAC objects that the key may not view. */
  readonly denied?: readonly string[];
  /** The only RBAC objects that the key may view; all unless given. */
  readonly granted?: readonly string[];
  /** Fields of jobs one cannot filter by on this server, `lastUpdateTime` say: 400. */
  readonly rejectedFilterFields?: readonly string[];
  /** What the `endTime` of an unfinished job is. @default "epoch" */
  readonly unfinishedEndTime?: "epoch" | "null" | "absent";
  /**
   * Whether the last page of jobs has a next cursor too, as in the vendor's example; the page it
   * leads to is empty. @default false
   */
  readonly nextOnLastPage?: boolean;
  /** PEM of the authority that `/security/cacert` gives; a text that looks like one unless given. */
  readonly caCertificate?: string;
  /** Opens `/_control/` for tests that run in another process. @default false */
  readonly control?: boolean;
}

/** Options with every gap filled, as far as requests depend on them. */
export interface Settings {
  readonly serverName: string;
  readonly basePath: string;
  readonly clock: Clock;
  /** NetBackup's own time, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly latencyMs: number;
  readonly versionHeader: boolean;
  readonly rejectedFilterFields: ReadonlySet<string>;
  readonly unfinishedEndTime: "epoch" | "null" | "absent";
  readonly nextOnLastPage: boolean;
}

/** What of a simulated primary changes while it runs. */
export interface Switches {
  apiVersion: ApiVersion;
  apiKey: string;
  denied: ReadonlySet<string>;
  granted: ReadonlySet<string> | undefined;
}
