/**
 * Backup days: nights are not to be cut in two, so they begin at an hour of their own.
 *
 * @module
 */

/** When backup days begin. */
export interface BackupDays {
  /** Hour and minute of the day. */
  readonly dayStart: Temporal.PlainTime;
  /** As the IANA names it, `Europe/Berlin`. */
  readonly timeZone: string;
}

/** A backup day, in milliseconds since the epoch; its end is the start of the next. */
export interface BackupDay {
  readonly startMs: number;
  readonly endMs: number;
}

/** The backup day that a time is in. It has 23 or 25 hours where clocks are changed. */
export function backupDayAt(timeMs: number, { dayStart, timeZone }: BackupDays): BackupDay {
  const date = Temporal.Instant.fromEpochMilliseconds(Math.floor(timeMs))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  const startOf = (date: Temporal.PlainDate) =>
    date.toZonedDateTime({ timeZone, plainTime: dayStart }).epochMilliseconds;
  // Where an hour is left out or comes twice, a day may begin on another date than it seems to.
  for (const first of [date.add({ days: 1 }), date]) {
    const startMs = startOf(first);
    if (startMs <= timeMs) return { startMs, endMs: startOf(first.add({ days: 1 })) };
  }
  return { startMs: startOf(date.subtract({ days: 1 })), endMs: startOf(date) };
}

/** The backup day before another. */
export function dayBefore({ startMs }: BackupDay, days: BackupDays): BackupDay {
  return backupDayAt(startMs - 1, days);
}
