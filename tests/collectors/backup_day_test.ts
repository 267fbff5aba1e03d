import assert from "node:assert/strict";
import fc from "fast-check";
import { backupDayAt, dayBefore } from "../../src/collectors/sla/backup_day.ts";

const HOUR = 3_600_000;

function dayOf(time: string, dayStart: string, timeZone: string): readonly string[] {
  const days = { dayStart: Temporal.PlainTime.from(dayStart), timeZone };
  const { startMs, endMs } = backupDayAt(Date.parse(time), days);
  return [startMs, endMs].map((ms) => new Date(ms).toISOString().slice(0, 16));
}

Deno.test("backupDayAt() begins days at their hour in their time zone", () => {
  const noon = ["2026-01-01T12:00", "2026-01-02T12:00"];
  assert.deepEqual(dayOf("2026-01-01T12:00:00Z", "12:00", "UTC"), noon);
  assert.deepEqual(dayOf("2026-01-02T11:59:59.999Z", "12:00", "UTC"), noon);
  assert.deepEqual(dayOf("2026-01-02T12:00:00Z", "12:00", "UTC"), [
    "2026-01-02T12:00",
    "2026-01-03T12:00",
  ]);
  const berlin = ["2026-01-01T17:30", "2026-01-02T17:30"];
  assert.deepEqual(dayOf("2026-01-02T03:00:00Z", "18:30", "Europe/Berlin"), berlin);
  const auckland = ["2025-12-31T11:00", "2026-01-01T11:00"];
  assert.deepEqual(dayOf("2026-01-01T05:00:00Z", "00:00", "Pacific/Auckland"), auckland);
});

Deno.test("backupDayAt() gives days of 23 and 25 hours where clocks are changed", () => {
  assert.deepEqual(dayOf("2026-03-29T00:00:00Z", "12:00", "Europe/Berlin"), [
    "2026-03-28T11:00",
    "2026-03-29T10:00",
  ]);
  assert.deepEqual(dayOf("2026-10-25T00:00:00Z", "12:00", "Europe/Berlin"), [
    "2026-10-24T10:00",
    "2026-10-25T11:00",
  ]);
  // There is no 02:30 on that day: it begins at 03:30.
  assert.deepEqual(dayOf("2026-03-29T01:30:00Z", "02:30", "Europe/Berlin"), [
    "2026-03-29T01:30",
    "2026-03-30T00:30",
  ]);
});

Deno.test("backupDayAt() has each moment in one day, and days follow one another", () => {
  const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"];
  const minutes = fc.integer({ min: 0, max: 1439 });
  const time = fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2030, 0, 1) });
  fc.assert(fc.property(time, minutes, fc.constantFrom(...zones), (timeMs, minute, timeZone) => {
    const dayStart = new Temporal.PlainTime(Math.floor(minute / 60), minute % 60);
    const days = { dayStart, timeZone };
    const day = backupDayAt(timeMs, days);
    assert.ok(day.startMs <= timeMs && timeMs < day.endMs);
    assert.equal(dayBefore(day, days).endMs, day.startMs);
    assert.equal(backupDayAt(day.endMs, days).startMs, day.endMs);
    // A zone may leave out a whole day of the calendar (Apia, 2011).
    assert.ok(day.endMs - day.startMs >= 22 * HOUR && day.endMs - day.startMs <= 26 * HOUR);
  }));
});
