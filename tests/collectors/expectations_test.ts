import assert from "node:assert/strict";
import { expectationsOf, type PolicySchedule } from "../../src/collectors/policies/expectations.ts";

function schedule(backupType: string, frequencySeconds?: number): PolicySchedule {
  const scheduleType = frequencySeconds === undefined ? "Calendar" : "Frequency";
  return { backupType, scheduleType, frequencySeconds };
}

Deno.test("expectationsOf() takes a backup that holds more for one that holds less", () => {
  const typesFor = (backupType: string) =>
    expectationsOf([schedule(backupType, 60)], undefined)[0]?.types ?? [];
  const full = ["FULL_BACKUP", "AUTOMATIC_FULL_BACKUP"];
  const cumulative = [
    "CUMULATIVE_INCREMENTAL_BACKUP",
    "AUTOMATIC_CUMULATIVE_INCREMENTAL_BACKUP",
    ...full,
  ];
  assert.deepEqual(typesFor("Full Backup"), full);
  assert.deepEqual(typesFor("Cumulative Incremental Backup"), cumulative);
  assert.deepEqual(typesFor("Differential Incremental Backup"), [
    "DIFFERENTIAL_INCREMENTAL_BACKUP",
    "AUTOMATIC_DIFFERENTIAL_INCREMENTAL_BACKUP",
    ...cumulative,
  ]);
  assert.ok(typesFor("Transaction Log Backup").includes("TRANSACTION_LOG_BACKUP"));
  assert.ok(typesFor("Archived Redo Log Backup").includes("ARCHIVE_REDO_LOG_BACKUP"));
  assert.ok(typesFor("Automatic Backup").includes("APPLICATION_BACKUP"));
});

Deno.test("expectationsOf() expects nothing of what users and applications start, or of packages", () => {
  for (const type of ["User Backup", "User Archive", "Application Backup", "Precheck", ""]) {
    assert.deepEqual(expectationsOf([schedule(type, 60)], 60_000), [], type);
  }
});

Deno.test("expectationsOf() goes by the frequency, or by what is configured for calendars", () => {
  const everyMs = (given: PolicySchedule, calendarMs?: number) =>
    expectationsOf([given], calendarMs).map(({ everyMs }) => everyMs);
  assert.deepEqual(everyMs(schedule("Full Backup", 3600), 5), [3_600_000]);
  assert.deepEqual(everyMs(schedule("Full Backup")), []);
  assert.deepEqual(everyMs(schedule("Full Backup"), 5), [5]);
  const without = {
    backupType: "Full Backup",
    scheduleType: "Frequency",
    frequencySeconds: undefined,
  };
  assert.deepEqual(everyMs(without, 5), [], "NetBackup does not say");
});
