import assert from "node:assert/strict";
import { catalog } from "../../src/collectors/catalog.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { runOnce } from "./_run.ts";
import { type SimulatedPrimary, simulatedPrimary, VERSIONS } from "./_simulated.ts";

const ENDPOINT = "/catalog/images";
const HOUR_MS = 3_600_000;

/** Images of these results, all of different ages: one an hour. */
function setImages(
  { simulator, clock }: SimulatedPrimary,
  results: readonly (readonly [malware: string | null, anomaly: string | null])[],
): void {
  simulator.setRows(
    ENDPOINT,
    results.map(([malwareScanResult, anomalyStatus], index) => ({
      id: `client_${index}`,
      attributes: {
        malwareScanResult,
        anomalyStatus,
        backupTime: new Date(clock.now() - (index + 0.5) * HOUR_MS).toISOString(),
      },
    })),
  );
}

const IMAGES = [
  ["CLEAN", "NOT_ANOMALOUS"],
  ["CLEAN", "NOT_ANOMALOUS"],
  ["CLEAN", "ANOMALOUS"],
  ["IMPACTED", "ANOMALOUS"],
  ["NOT_SCANNED", "NOT_PROCESSED"],
  ["NOT_SCANNED", "SOMETHING_NEW"],
  ["SOMETHING_NEW", "IGNORED"],
  [null, null],
] as const;

Deno.test("catalog counts images of any age by both results, and what has none as UNKNOWN", async () => {
  const primary = simulatedPrimary();
  setImages(primary, IMAGES);
  const result = await primary.run(catalog);
  assert.deepEqual(
    result.series("nbu_catalog_images_count").filter((line) => !line.endsWith(": 0")),
    [
      "malware_status=CLEAN,anomaly_status=ANOMALOUS: 1",
      "malware_status=CLEAN,anomaly_status=NOT_ANOMALOUS: 2",
      "malware_status=IMPACTED,anomaly_status=ANOMALOUS: 1",
      "malware_status=NOT_SCANNED,anomaly_status=NOT_PROCESSED: 1",
      "malware_status=NOT_SCANNED,anomaly_status=UNKNOWN: 1",
      "malware_status=UNKNOWN,anomaly_status=UNKNOWN: 2",
    ],
  );
});

Deno.test("catalog counts by the malware result alone where the release has no other", async () => {
  const primary = simulatedPrimary({ apiVersion: "10.0" });
  setImages(primary, IMAGES);
  assert.deepEqual((await primary.run(catalog)).series("nbu_catalog_images_count"), [
    "malware_status=CLEAN,anomaly_status=UNKNOWN: 3",
    "malware_status=IMPACTED,anomaly_status=UNKNOWN: 1",
    "malware_status=NOT_SCANNED,anomaly_status=UNKNOWN: 2",
    "malware_status=NOT_SUPPORTED,anomaly_status=UNKNOWN: 0",
    "malware_status=UNKNOWN,anomaly_status=UNKNOWN: 2",
  ]);
});

for (const apiVersion of VERSIONS) {
  Deno.test(`catalog counts all images, not those of the last day only, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const total = primary.rows(ENDPOINT).length;
    const ages = primary.rows(ENDPOINT)
      .map(({ attributes }) => Date.parse(String(attributes["backupTime"])));
    assert.ok(Math.min(...ages) < primary.clock.now() - 48 * HOUR_MS);
    const { families } = await primary.run(catalog);
    const counted = families.flatMap(({ samples }) => samples)
      .reduce((sum, { value }) => sum + value, 0);
    assert.equal(counted, total);
  });
}

Deno.test("catalog counts images of the look-back only where one is configured", async () => {
  const primary = simulatedPrimary();
  setImages(primary, IMAGES);
  const result = await primary.run(catalog, { lookBack: "2h" });
  assert.equal(
    result.value("nbu_catalog_images_count", {
      anomaly_status: "NOT_ANOMALOUS",
      malware_status: "CLEAN",
    }),
    2,
  );
  const { families } = result;
  const counted = families.flatMap(({ samples }) => samples)
    .reduce((sum, { value }) => sum + value, 0);
  assert.equal(counted, 2);
});

Deno.test("catalog reads no more of a large catalog than of a small one", async () => {
  const requests = async (count: number) => {
    const primary = simulatedPrimary();
    setImages(primary, Array.from({ length: count }, () => ["CLEAN", "IGNORED"] as const));
    await primary.run(catalog);
    return primary.simulator.requests.to(ENDPOINT).length;
  };
  assert.equal(await requests(2000), await requests(1));
});

Deno.test("catalog is 0 for every known result of an empty catalog", async () => {
  const result = await runOnce(catalog, { [ENDPOINT]: [] });
  assert.equal(result.count("nbu_catalog_images_count"), 24);
  assert.ok(result.series("nbu_catalog_images_count").every((line) => line.endsWith(": 0")));
  assert.equal(result.requests.length, 5, "an empty set is not looked into");
});

Deno.test("catalog fails where NetBackup does not say how many images there are", async () => {
  const lists = { [ENDPOINT]: [{ id: "a" }] };
  await assert.rejects(runOnce(catalog, lists, { withoutMeta: true }), UnexpectedBodyError);
  await assert.rejects(runOnce(catalog, {}), EndpointUnsupportedError);
});
