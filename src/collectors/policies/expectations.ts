/**
 * How often a policy is to back up its clients, as its schedules say.
 *
 * @module
 */

/** A schedule of a policy. */
export interface PolicySchedule {
  /** As policies spell it, `Full Backup`. */
  readonly backupType: string;
  /** `Frequency` or `Calendar`. */
  readonly scheduleType: string;
  /** Undefined where NetBackup names none. */
  readonly frequencySeconds: number | undefined;
}

/** What is expected of each client of a policy. */
export interface Expectation {
  /** A successful run ends at least this often, in milliseconds. */
  readonly everyMs: number;
  /** Schedule types of jobs that count as such a run. */
  readonly types: readonly string[];
}

/** Schedule types of jobs in place of which one that stands further down will do. */
const RANKS: readonly (readonly string[])[] = [
  ["TRANSACTION_LOG_BACKUP", "ARCHIVE_REDO_LOG_BACKUP", "ARCHIVED_REDO_LOG_BACKUP"],
  ["DIFFERENTIAL_INCREMENTAL_BACKUP", "AUTOMATIC_DIFFERENTIAL_INCREMENTAL_BACKUP"],
  ["CUMULATIVE_INCREMENTAL_BACKUP", "AUTOMATIC_CUMULATIVE_INCREMENTAL_BACKUP"],
  ["FULL_BACKUP", "AUTOMATIC_FULL_BACKUP"],
];

/** The jobs of an automatic schedule are those of the application that it starts. */
const AUTOMATIC = ["AUTOMATIC_BACKUP", "APPLICATION_BACKUP", "AUTOMATIC_FULL_BACKUP"];

/**
 * Derives what is expected. Schedules that a user or an application starts expect nothing.
 *
 * @param calendarMs How often schedules by calendar are expected to succeed, in milliseconds;
 *   undefined = nothing is expected of them.
 */
export function expectationsOf(
  schedules: readonly PolicySchedule[],
  calendarMs: number | undefined,
): readonly Expectation[] {
  return schedules.flatMap(({ backupType, scheduleType, frequencySeconds }) => {
    const types = typesFor(backupType);
    const everyMs = scheduleType.toLowerCase() === "calendar"
      ? calendarMs
      : frequencySeconds && frequencySeconds * 1000;
    return types.length > 0 && everyMs ? [{ everyMs, types }] : [];
  });
}

function typesFor(backupType: string): readonly string[] {
  const type = backupType.trim().toUpperCase().replaceAll(/\s+/g, "_");
  if (type === "AUTOMATIC_BACKUP") return AUTOMATIC;
  const rank = RANKS.findIndex((types) => types.includes(type));
  return rank < 0 ? [] : RANKS.slice(rank).flat();
}
