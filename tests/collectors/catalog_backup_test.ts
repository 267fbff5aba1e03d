import assert from "node:assert/strict";
import { catalogBackup } from "../../src/collectors/catalog_backup.ts";
import { runOnce } from "./_run.ts";
import { type SimulatedPrimary, simulatedPrimary, VERSIONS } from "./_simulated.ts";

const IMAGES = "/catalog/images";
const JOBS = "/admin/jobs";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Adds a finished job that ended so long ago. */
function addJob(
  { simulator, clock }: SimulatedPrimary,
  hours: number,
  job: Record<string, unknown>,
) {
  const ended = clock.now() - hours * HOUR_MS;
  const iso = (ms: number) => new Date(ms).toISOString();
  simulator.addJob({
    jobType: "DBBACKUP",
    policyType: "NBU_CATALOG",
    state: "DONE",
    status: 0,
    startTime: iso(ended - HOUR_MS),
    endTime: iso(ended),
    lastUpdateTime: iso(ended),
    ...job,
  });
}

/** Has images that were begun so many days ago, beside one of another policy that is newer. */
function setImages(
  { simulator, clock }: SimulatedPrimary,
  images: readonly { readonly days: number; readonly kbytes: number; readonly status?: number }[],
) {
  const image = (days: number, attributes: Record<string, unknown>) => ({
    attributes: {
      policyType: "NBU-Catalog",
      backupTime: new Date(clock.now() - days * DAY_MS).toISOString(),
      ...attributes,
    },
  });
  simulator.setRows(
    IMAGES,
    [
      image(0, { policyType: "Standard", kbytes: 1, backupStatus: 0 }),
      ...images.map(({ days, kbytes, status: backupStatus = 0 }) =>
        image(days, { kbytes, backupStatus })
      ),
    ].map((row, index) => ({ id: `image_${index}`, ...row })),
  );
}

for (const apiVersion of VERSIONS) {
  Deno.test(`catalogBackup tells the newest success from its image, and the newest end from its job, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion, jobsPerHour: 0 });
    addJob(primary, 30, { status: 0 });
    addJob(primary, 2, { status: 191 });
    addJob(primary, 1, { state: "ACTIVE", status: 0 });
    addJob(primary, 0.5, { policyType: "STANDARD", jobType: "BACKUP", status: 7 });
    setImages(primary, [
      { days: 3, kbytes: 300 },
      { days: 1, kbytes: 200, status: 1 },
      { days: 0.5, kbytes: 100, status: 6 },
    ]);
    const result = await primary.run(catalogBackup);
    const value = (metric: string) => result.value(`nbu_catalog_backup_last_${metric}`);
    const now = primary.clock.now();
    assert.equal(value("success_timestamp_seconds"), (now - DAY_MS) / 1000);
    assert.equal(value("bytes"), 200 * 1024);
    assert.equal(value("status"), 191);
    assert.equal(value("end_timestamp_seconds"), (now - 2 * HOUR_MS) / 1000);
  });
}

Deno.test("catalogBackup agrees with the images and jobs of a primary at work", async () => {
  const primary = simulatedPrimary();
  const newest = primary.rows(IMAGES).map(({ attributes }) => attributes)
    .filter(({ policyType }) => policyType === "NBU-Catalog")
    .map(({ backupTime }) => Date.parse(String(backupTime)));
  const result = await primary.run(catalogBackup);
  const success = result.value("nbu_catalog_backup_last_success_timestamp_seconds");
  assert.equal(success, Math.max(...newest) / 1000);
  const asked = (endpoint: string) => primary.simulator.requests.to(endpoint).length;
  assert.deepEqual([asked(JOBS), asked(IMAGES)], [1, 1], "two requests are enough");
});

Deno.test("catalogBackup finds a success of years ago", async () => {
  const primary = simulatedPrimary({ jobsPerHour: 0 });
  setImages(primary, [{ days: 1, kbytes: 5, status: 6 }, { days: 900, kbytes: 7 }]);
  const result = await primary.run(catalogBackup);
  const success = result.value("nbu_catalog_backup_last_success_timestamp_seconds");
  assert.equal(success, (primary.clock.now() - 900 * DAY_MS) / 1000);
  assert.equal(result.value("nbu_catalog_backup_last_bytes"), 7 * 1024);
  assert.equal(result.count("nbu_catalog_backup_last_status"), 0, "the job is long gone");
});

Deno.test("catalogBackup is 0, an age that alarms, where there never was a success", async () => {
  const result = await runOnce(catalogBackup, { [JOBS]: [], [IMAGES]: [] });
  assert.equal(result.value("nbu_catalog_backup_last_success_timestamp_seconds"), 0);
  assert.equal(result.count("nbu_catalog_backup_last_bytes"), 0);
  assert.equal(result.count("nbu_catalog_backup_last_status"), 0);
});

Deno.test("catalogBackup takes the last update for the end of a job that has none", async () => {
  const job = { jobId: 1, status: 0, state: "DONE", lastUpdateTime: "2026-01-01T00:00:00.000Z" };
  const rows = [{ id: "1", attributes: job }];
  const result = await runOnce(catalogBackup, { [JOBS]: rows, [IMAGES]: [] });
  const end = result.value("nbu_catalog_backup_last_end_timestamp_seconds");
  assert.equal(end, Date.UTC(2026, 0, 1) / 1000);
});

Deno.test("catalogBackup drops an image that does not fit, and only that", async () => {
  const image = (id: string, attributes: unknown) => ({ id, attributes });
  const result = await runOnce(catalogBackup, {
    [JOBS]: [],
    [IMAGES]: [
      image("a", { backupTime: "yesterday" }),
      image("b", { backupTime: "2025-12-31T00:00:00Z", kbytes: 4, backupStatus: null }),
      image("c", { backupTime: null, kbytes: 9 }),
    ],
  });
  assert.equal(result.value("nbu_catalog_backup_last_bytes"), 4 * 1024);
  assert.equal(result.client.rejected.get(IMAGES), 1);
});
