import assert from "node:assert/strict";
import { sourceFiles } from "../../../scripts/architecture/graph.ts";
import { ROOT } from "../../../scripts/command.ts";
import { AREAS, CATALOGUE, HISTOGRAMS, uniqueByName } from "../../../scripts/docs/catalogue.ts";
import { DURATION_BOUNDS } from "../../../src/ledger/metrics/jobs.ts";
import { gauge } from "../../../src/metrics/define.ts";
import { CONTRACT } from "../../../scripts/docs/contract.ts";
import { LABEL_MEANINGS } from "../../../scripts/docs/label_meanings.ts";
import { lint } from "../../metrics/_lint.ts";

/** Old names that break a convention. Nothing may be added here but a name of the contract. */
const BREAK_CONVENTIONS = [
  "nbu_alerts_count",
  "nbu_catalog_images_count",
  "nbu_client_jobs_count",
  "nbu_disk_pool_volume_count",
  "nbu_jobs_count",
  "nbu_jobs_files_count",
  "nbu_jobs_queued_count",
  "nbu_jobs_state_count",
  "nbu_malware_scan_count",
  "nbu_response_time_ms",
  "nbu_slo_count",
  "nbu_status_count",
  "nbu_tape_drives_count",
  "nbu_tape_media_count",
];

Deno.test("the catalogue keeps every name of the drop-in contract, with its labels and type", () => {
  for (const [name, labels] of Object.entries(CONTRACT)) {
    const definition = CATALOGUE.find((candidate) => candidate.name === name);
    assert.deepEqual(definition?.labels, labels, name);
    const type = name === "nbu_job_duration_seconds" ? "histogram" : "gauge";
    assert.equal(definition?.type, type, name);
  }
});

Deno.test("the catalogue holds the new names", () => {
  const names = new Set(CATALOGUE.map(({ name }) => name));
  for (
    const name of [
      "nbu_collector_success",
      "nbu_collector_duration_seconds",
      "nbu_collector_last_success_timestamp_seconds",
      "nbu_collector_errors_total",
      "nbu_collector_stale",
      "nbu_collector_rows",
      "nbu_collector_unsupported",
      "nbu_collection_interval_factor",
      "nbu_exporter_series_dropped_total",
      "nbu_api_requests_total",
      "nbu_api_request_duration_seconds",
      "nbu_api_retries_total",
      "nbu_api_rows_rejected_total",
      "nbu_tls_verification_disabled",
      "nbu_exporter_config_last_reload_successful",
      "nbu_exporter_config_last_reload_success_timestamp_seconds",
      "nbu_exporter_log_messages_total",
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "process_start_time_seconds",
    ]
  ) assert.ok(names.has(name), name);
});

/** Names of metrics in the order of the sources, as the first argument of what defines them. */
async function namesDefined(): Promise<readonly string[]> {
  const sources = await Promise.all(
    (await sourceFiles()).map((path) => Deno.readTextFile(new URL(path, ROOT))),
  );
  const names = sources.flatMap((source) =>
    // Examples in comments define none.
    [...source.replaceAll(/^ \*.*$/gm, "").matchAll(/\(\s*"((?:nbu|process)_\w+)",\s/g)]
      .map(([, name = ""]) => name)
  );
  return names.filter((name) => name !== "nbu_exporter"); // The program itself, for traces.
}

Deno.test("the catalogue has every metric that the program defines, and no name is defined twice", async () => {
  const names = CATALOGUE.map(({ name }) => name);
  assert.deepEqual([...await namesDefined()].sort(), names.sort());
  const all = AREAS.flatMap(({ definitions }) => definitions);
  assert.deepEqual(new Set(all), new Set(CATALOGUE), "a metric of several areas is one object");
});

Deno.test("uniqueByName() takes one definition of several collectors, and no two of one name", () => {
  const [a, b] = [gauge("x_bytes", "Help"), gauge("y_bytes", "Help")];
  assert.deepEqual(uniqueByName([a, b, a]), [a, b]);
  assert.throws(() => uniqueByName([a, b, gauge("x_bytes", "Help")]), /the name "x_bytes"/);
});

Deno.test("the catalogue has valid names and labels, each label once", () => {
  for (const { name, labels } of CATALOGUE) {
    assert.match(name, /^(nbu|process)_[a-z0-9_]*[a-z0-9]$/);
    assert.equal(new Set(labels).size, labels.length, name);
    for (const label of labels) assert.match(label, /^[a-z][a-z0-9_]*$/, name);
  }
});

Deno.test("the catalogue begins the labels of everything about NetBackup with the site", () => {
  for (const { name, labels } of CATALOGUE) {
    const own = name.startsWith("nbu_exporter_") || name.startsWith("process_");
    assert.equal(labels.indexOf("site"), own ? -1 : 0, name);
  }
});

Deno.test("the catalogue passes promtool's rules but for the listed old names", () => {
  const complaints = CATALOGUE.filter((definition) => lint(definition).length > 0);
  assert.deepEqual(complaints.map(({ name }) => name).sort(), BREAK_CONVENTIONS);
});

Deno.test("the catalogue has help texts of one plain sentence without a final period", () => {
  for (const { name, help } of CATALOGUE) {
    // OpenMetrics wants quotes in help texts escaped, which the library does not do.
    assert.match(help, /^[A-Z][^"\\\n]*[^.\s]$/, name);
  }
});

Deno.test("the catalogue's labels are all explained once, and no others", () => {
  const used = new Set<string>(CATALOGUE.flatMap(({ labels }) => labels));
  const explained = [LABEL_MEANINGS, ...AREAS.map(({ labels = {} }) => labels)].flatMap(
    Object.keys,
  );
  assert.deepEqual(explained.sort(), [...used].sort());
});

Deno.test("a label of one collector that is not of the drop-in contract is explained by the collector", () => {
  const ofContract = new Set(Object.values(CONTRACT).flat());
  for (const label of Object.keys(LABEL_MEANINGS)) {
    if (ofContract.has(label)) continue;
    const having = AREAS.filter(({ definitions }) =>
      definitions.some(({ labels }) => labels.includes(label))
    );
    const [only] = having.length === 1 ? having : [];
    assert.ok(!only?.title.startsWith("Collector"), `explain ${label} in ${only?.title}`);
  }
});

Deno.test("the bucket bounds are those of the contract, and all of them ascend", () => {
  assert.deepEqual(DURATION_BOUNDS, [60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400]);
  for (const { name, bounds } of HISTOGRAMS) {
    const ascending = [...new Set(bounds)].sort((a, b) => a - b);
    assert.deepEqual(bounds, ascending, name);
  }
});

Deno.test("the catalogue knows the buckets of every histogram, and no others", () => {
  const histograms = CATALOGUE.filter(({ type }) => type === "histogram").map(({ name }) => name);
  assert.deepEqual(HISTOGRAMS.map(({ name }) => name).sort(), histograms.sort());
});
