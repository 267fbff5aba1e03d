/**
 * Collectors over simulated primaries of all versions, whose values are compared with the truth. Those
 * that are not here have such tests beside their others.
 */
import assert from "node:assert/strict";
import { alerts } from "../../src/collectors/alerts.ts";
import { securityScore } from "../../src/collectors/security_score.ts";
import { sla } from "../../src/collectors/sla.ts";
import { storage } from "../../src/collectors/storage.ts";
import { tape } from "../../src/collectors/tape.ts";
import { valueOf } from "../testing/samples.ts";
import { withPolls } from "./_polls.ts";
import { simulatedPrimary, VERSIONS } from "./_simulated.ts";

const HOUR = 3_600_000;
const MEGABYTE = 1024 * 1024;

/** Adds up by labels, as series. */
function summed(entries: Iterable<readonly [labels: string, value: number]>): readonly string[] {
  const sums = new Map<string, number>();
  for (const [labels, value] of entries) sums.set(labels, (sums.get(labels) ?? 0) + value);
  return [...sums].map(([labels, value]) => `${labels}: ${value}`).sort();
}

const notZero = (series: readonly string[]) => series.filter((line) => !line.endsWith(": 0"));

for (const apiVersion of VERSIONS) {
  Deno.test(`storage shows what is true of the units of a primary that speaks ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const units = primary.simulator.truth.storageUnits()
      .filter(({ storageCategory }) => storageCategory !== "TAPE");
    const result = await primary.run(storage);
    const labelsOf = ({ name, storageServerType }: typeof units[number]) =>
      `name=${name},type=${storageServerType}`;
    assert.ok(units.length > 30);
    assert.deepEqual(
      result.series("nbu_storage_max_concurrent_jobs"),
      summed(units.map((unit) => [labelsOf(unit), unit.maxConcurrentJobs ?? NaN])),
    );
    assert.deepEqual(
      result.series("nbu_storage_max_fragment_size_bytes"),
      summed(units.map((unit) => [labelsOf(unit), unit.maxFragmentSizeMegabytes * MEGABYTE])),
    );
    const disks = units.filter(({ isCloudSTU }) => !isCloudSTU);
    assert.deepEqual(
      result.series("nbu_disk_capacity_bytes"),
      summed(disks.map((unit) => [labelsOf(unit), unit.totalCapacityBytes ?? NaN])),
    );
    assert.deepEqual(
      result.series("nbu_disk_bytes"),
      summed(disks.flatMap((unit) => [
        [`${labelsOf(unit)},size=free`, unit.freeCapacityBytes ?? NaN],
        [`${labelsOf(unit)},size=used`, unit.usedCapacityBytes ?? NaN],
      ])),
    );
  });

  Deno.test(`alerts counts what is true of a primary that speaks ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const result = await primary.run(alerts);
    const rows = primary.rows("/manage/alerts").map(({ attributes }) => attributes);
    assert.ok(rows.length > 50);
    assert.deepEqual(
      notZero(result.series("nbu_alerts_count")),
      summed(
        rows.map(({ severity, category }) => [`severity=${severity},category=${category}`, 1]),
      ),
    );
  });

  Deno.test(`tape counts drives and disk volumes as they are, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const result = await primary.run(tape);
    const drives = primary.rows("/storage/drives").map(({ attributes }) => attributes);
    assert.ok(drives.length > 3);
    assert.deepEqual(
      result.series("nbu_tape_drives_count"),
      summed(drives.map(({ driveType, robotType, driveStatus }) => [
        `drive_type=${driveType},robot_type=${robotType ?? "NONE"},status=${driveStatus}`,
        1,
      ])),
    );
    const volumes = primary.rows("/storage/disk-pools").flatMap(({ attributes }) =>
      Object(attributes["diskVolumes"]).map(({ state }: { state: string }) => [
        `pool_name=${attributes["name"]},storage_category=${
          attributes["storageCategory"]
        },state=${state}`,
        1,
      ])
    );
    assert.deepEqual(result.series("nbu_disk_pool_volume_count"), summed(volumes));
  });

  Deno.test(`sla says how the clients of a primary that speaks ${apiVersion} fared on a day`, async () => {
    // A backup day from noon to noon, of which every job is still known at its end.
    await withPolls(
      sla,
      { apiVersion, jobsPerHour: 10, historyHours: 40 },
      async ({ simulator: { truth }, clock, poll }) => {
        const start = truth.now() + 12 * HOUR;
        for (let round = 0; round < 36; round++) {
          await poll();
          await clock.advance(HOUR);
        }
        await clock.advance(HOUR / 2);
        const families = await poll();
        const value = (state: string) => valueOf(families, "nbu_clients", { state });
        const paused = new Set(
          truth.rows("/config/paused-clients").map(({ attributes }) => attributes["displayName"]),
        );
        const inactive = new Set(
          truth.rows("/config/policies/").filter(({ attributes }) => !attributes["active"])
            .map(({ id }) => id),
        );
        const members = truth.rows("/config/unique-policy-clients");
        const wanted = members
          .filter(({ attributes: { policyNames } }) =>
            Array.isArray(policyNames) && policyNames.some((policy) => !inactive.has(policy))
          )
          .map(({ id }) => id).filter((client) => !paused.has(client));
        const succeeded = new Set(
          truth.endsBetween(start, start + 24 * HOUR - 1)
            .filter(({ job: { jobType, childCount, policyName, status } }) =>
              jobType === "BACKUP" && childCount === 0 && policyName !== "" && status <= 1
            ).map(({ job }) => job.clientName),
        );
        const met = wanted.filter((client) => succeeded.has(client)).length;
        assert.ok(met > 20 && met < wanted.length);
        assert.equal(value("met"), met);
        assert.equal(value("missed"), wanted.length - met);
        assert.equal(value("excluded"), members.length - wanted.length);
        assert.equal(value("new"), 0);
      },
    );
  });

  if (apiVersion === "10.0") continue;
  Deno.test(`securityScore shows the scores of a primary that speaks ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const [row] = primary.rows("/security/status");
    const result = await primary.run(securityScore);
    assert.equal(result.value("nbu_security_risk_score"), row?.attributes["platformRiskScore"]);
    assert.ok(result.count("nbu_security_setting_risk_score") > 0);
  });
}
