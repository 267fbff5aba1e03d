import assert from "node:assert/strict";
import type { ParsedPage } from "../testing/parsed_page.ts";
import { parseExposition } from "../metrics/_parse.ts";
import {
  type ApiVersion,
  createSimulator,
  type Simulator,
  type TrueJob,
} from "../simulator/simulator.ts";
import { eventually, freePort, withExporter } from "./harness.ts";

const KEY = "contract-key";
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** What a metric should be: its lines as `labels → value`. */
type Expected = Map<string, number>;

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1));
}

function add(expected: Expected, labels: Record<string, string>, value: number): void {
  const key = keyOf({ site: "a", ...labels });
  expected.set(key, (expected.get(key) ?? 0) + value);
}

/** Compares all lines of a metric, label sets included. */
function assertMetric(page: ParsedPage, name: string, expected: Expected): void {
  const actual = new Map(
    page.samples(name).map(({ labels, value }) => [keyOf(labels), value] as const),
  );
  const sorted = (map: ReadonlyMap<string, number>) => [...map].sort();
  assert.deepEqual(sorted(actual), sorted(expected), name);
}

/** Jobs of every kind, well inside or well outside the window of one hour. */
function populate(simulator: Simulator): void {
  const now = Date.now();
  const types = ["BACKUP", "RESTORE", "DUPLICATE", "REPLICATE", "REPLICA_IMPORT", "VERIFY"];
  const policies = ["STANDARD", "VMWARE", "WINDOWS_NT", "NBU_CATALOG"];
  const statuses = [0, 0, 0, 1, 6, 13, 84, 150, 196, 2074];
  for (let n = 0; n < 1200; n++) {
    // Half of them ended before the window.
    const age = (n % 2 === 0 ? 5 + (n % 45) : 90 + (n % 30)) * MINUTE;
    simulator.addJob({
      jobType: types[n % types.length] ?? "",
      policyType: policies[n % policies.length] ?? "",
      policyName: `policy "${n % 7}" | a\\b, ü\n🙂`,
      status: statuses[n % statuses.length] ?? 0,
      startTime: now - age - (n % 50) * MINUTE,
      endTime: now - age,
      lastUpdateTime: now - age,
      kilobytesTransferred: n * 1000,
      numberOfFiles: n,
      dedupRatio: n % 3 === 0 ? 0 : 50 + (n % 40) + 0.25,
      childCount: n % 10 === 0 ? 3 : 0,
    });
  }
  const states = ["QUEUED", "ACTIVE", "REQUEUED", "SUSPENDED", "INCOMPLETE"] as const;
  for (let n = 0; n < 250; n++) {
    simulator.addJob({
      jobType: types[n % 3] ?? "",
      policyType: "STANDARD",
      state: states[n % states.length] ?? "QUEUED",
      status: 0,
      startTime: now - 10 * MINUTE,
      endTime: "1970-01-01T00:00:00.000Z",
      jobQueueReason: n % 4,
      kilobytesTransferred: 5000,
    });
  }
}

function jobMetrics(finished: readonly TrueJob[], unfinished: readonly TrueJob[]) {
  const names = ["bytes", "count", "status", "state", "files", "queued", "dedup"] as const;
  const metrics = Object.fromEntries(names.map((name) => [name, new Map()])) as Record<
    typeof names[number],
    Expected
  >;
  const dedup = new Map<string, number[]>();
  for (const job of finished) {
    const { jobType: action, policyType: policy_type } = job;
    const status = String(job.status);
    add(metrics.bytes, { action, policy_type, status }, job.kilobytesTransferred * 1024);
    add(metrics.count, { action, policy_type, status }, 1);
    add(metrics.status, { action, status }, 1);
    add(metrics.state, { action, state: "DONE" }, 1);
    add(metrics.files, { action, policy_type }, job.numberOfFiles);
    if (job.dedupRatio > 0) {
      const key = keyOf({ site: "a", action, policy_type });
      dedup.set(key, [...(dedup.get(key) ?? []), job.dedupRatio]);
    }
  }
  for (const job of unfinished) {
    add(metrics.state, { action: job.jobType, state: job.state }, 1);
    if (job.state === "QUEUED") {
      add(metrics.queued, { action: job.jobType, reason: String(job.jobQueueReason) }, 1);
    }
  }
  for (const [key, ratios] of dedup) {
    metrics.dedup.set(key, ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length);
  }
  return metrics;
}

/** The configuration as a user of the Go exporter has it: one block, bare integers, old keys. */
function goConfig(port: number, primaryPort: number, apiVersion: string): string {
  return `server:
  port: ${port}
  host: 127.0.0.1
  uri: "/metrics"
  scrapingInterval: "1h"
  collectionInterval: 5m
  logName: ""
nbuserver:
  host: 127.0.0.1
  port: ${primaryPort}
  scheme: http
  uri: "/netbackup"
  domain: example
  domainType: NT
  apiKey: "\${NBU_TEST_KEY}"
  apiVersion: "${apiVersion}"
  contentType: "application/vnd.netbackup+json; version=3.0"
  insecureSkipVerify: no
`;
}

for (const apiVersion of ["14.0", "13.0", "12.0", "10.0"] satisfies ApiVersion[]) {
  Deno.test(`the metrics of the contract have the true values on API ${apiVersion}`, async () => {
    const simulator = createSimulator({ apiVersion, apiKey: KEY, storageUnitCount: 640 });
    populate(simulator);
    const primary = await simulator.start();
    const port = freePort();
    try {
      const config = {
        server: { port, host: "127.0.0.1", collectionInterval: "1s" },
        nbuservers: [
          { site: "a", scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: KEY },
        ],
      };
      await withExporter({ config }, async (exporter) => {
        await eventually(
          "it is ready",
          async () => (await exporter.get("/-/ready")).status === 200,
        );
        const page = await exporter.metrics();

        const now = Date.now();
        const finished = simulator.truth.finishedBetween(now - HOUR);
        assert.ok(finished.length > 500, "there is something to compare");
        const jobs = jobMetrics(finished, simulator.truth.unfinished());
        assertMetric(page, "nbu_jobs_bytes", jobs.bytes);
        assertMetric(page, "nbu_jobs_count", jobs.count);
        assertMetric(page, "nbu_status_count", jobs.status);
        assertMetric(page, "nbu_jobs_state_count", jobs.state);
        assertMetric(page, "nbu_jobs_files_count", jobs.files);
        assertMetric(page, "nbu_jobs_queued_count", jobs.queued);
        for (const { labels, value } of page.samples("nbu_jobs_dedup_ratio")) {
          const ratio = jobs.dedup.get(keyOf(labels));
          assert.ok(ratio !== undefined && Math.abs(value - ratio) < 1e-9, JSON.stringify(labels));
        }
        assert.equal(page.samples("nbu_jobs_dedup_ratio").length, jobs.dedup.size);
        assertStorage(page, simulator);

        assert.equal(page.value("nbu_up", { site: "a" }), 1);
        assert.equal(page.value("nbu_api_version", { site: "a", version: apiVersion }), 1);
        assert.ok((page.value("nbu_response_time_ms", { site: "a" }) ?? 0) > 0);
        for (const source of ["storage", "jobs"]) {
          const age = now / 1000 -
            (page.value("nbu_last_scrape_timestamp_seconds", { site: "a", source }) ?? 0);
          assert.ok(age > -1 && age < 120, `${source} was collected ${age} s ago`);
        }
        const [build] = page.samples("nbu_exporter_build_info");
        assert.equal(build?.labels["goversion"], `deno${Deno.version.deno}`);
        assert.equal(page.value("nbu_api_rows_rejected_total", { endpoint: "/admin/jobs" }), 0);

        // It is cumulative, and without a state directory counts from the start on.
        const ended = endNow(simulator);
        const counted = await eventually("the jobs that ended since are counted", async () => {
          const later = await exporter.metrics();
          return countOf(later) === ended.length && later;
        });
        assertDurations(counted, ended);
      });
    } finally {
      await primary.close();
    }
  });
}

/** Jobs that end at this moment. */
function endNow(simulator: Simulator): TrueJob[] {
  const now = Date.now();
  const ids = Array.from({ length: 40 }, (_, n) =>
    simulator.addJob({
      jobType: n % 3 === 0 ? "RESTORE" : "BACKUP",
      policyType: n % 2 === 0 ? "VMWARE" : "STANDARD",
      startTime: now - n * 13 * MINUTE - 1000,
      endTime: now,
      lastUpdateTime: now,
    }));
  return simulator.truth.finishedBetween(now - HOUR).filter(({ jobId }) => ids.includes(jobId));
}

function countOf(page: ParsedPage): number {
  return page.samples("nbu_job_duration_seconds_count")
    .reduce((sum, { value }) => sum + value, 0);
}

/** The histogram is of leaf jobs; all its buckets are compared. Series of 0 may be there as well. */
function assertDurations(page: ParsedPage, ended: readonly TrueJob[]): void {
  const bounds = [60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, Infinity];
  const expected: Expected = new Map();
  const sums: Expected = new Map();
  for (const job of ended) {
    const labels = { action: job.jobType, policy_type: job.policyType };
    const seconds = ((job.endTimeMs ?? 0) - job.startTimeMs) / 1000;
    add(sums, labels, seconds);
    for (const bound of bounds) {
      const le = bound === Infinity ? "+Inf" : String(bound);
      if (seconds <= bound) add(expected, { ...labels, le }, 1);
    }
  }
  const names = { bucket: expected, sum: sums };
  for (const [suffix, values] of Object.entries(names)) {
    const name = `nbu_job_duration_seconds_${suffix}`;
    const actual = page.samples(name).filter(({ value }) => value > 0)
      .map(({ labels, value }) => [keyOf(labels), value] as const);
    assert.deepEqual(actual.sort(), [...values].sort(), name);
  }
}

function assertStorage(page: ParsedPage, simulator: Simulator): void {
  const bytes: Expected = new Map();
  const capacity: Expected = new Map();
  const concurrency: Expected = new Map();
  const fragments: Expected = new Map();
  const info: Expected = new Map();
  const units = simulator.truth.storageUnits();
  assert.ok(units.length > 500, "more than one page");
  for (const unit of units) {
    if (unit.storageCategory === "TAPE") continue;
    const labels = { name: unit.name, type: unit.storageServerType };
    if (!unit.storageCategory.startsWith("CLOUD")) {
      // The simulator's own capacities change with time, so they are compared by name and total.
      add(capacity, labels, unit.totalCapacityBytes ?? NaN);
      add(bytes, { ...labels, size: "free" }, 0);
      add(bytes, { ...labels, size: "used" }, 0);
    }
    if (unit.maxConcurrentJobs !== undefined) add(concurrency, labels, unit.maxConcurrentJobs);
    add(fragments, labels, unit.maxFragmentSizeMegabytes * 1_048_576);
    add(info, {
      ...labels,
      subtype: unit.storageSubType,
      is_cloud: String(unit.isCloudSTU),
      worm_capable: String(unit.wormCapable),
      use_worm: String(unit.useWorm),
      replication_capable: String(unit.replicationCapable),
      instant_access: String(unit.instantAccessEnabled),
    }, 1);
  }
  assertMetric(page, "nbu_disk_capacity_bytes", capacity);
  assertMetric(page, "nbu_storage_max_concurrent_jobs", concurrency);
  assertMetric(page, "nbu_storage_max_fragment_size_bytes", fragments);
  assertMetric(page, "nbu_storage_info", info);
  assert.deepEqual(
    page.samples("nbu_disk_bytes").map(({ labels }) => keyOf(labels)).sort(),
    [...bytes.keys()].sort(),
  );
  for (const { labels, value } of page.samples("nbu_disk_capacity_bytes")) {
    const { name = "", type = "" } = labels;
    const part = (size: string) => page.value("nbu_disk_bytes", { name, type, size }) ?? NaN;
    assert.equal(part("free") + part("used"), value, `free and used of ${name} make its capacity`);
  }
}

Deno.test("a config.yaml of the Go exporter starts ours unedited", async () => {
  const simulator = createSimulator({ apiVersion: "13.0", apiKey: KEY });
  populate(simulator);
  const primary = await simulator.start();
  try {
    const config = goConfig(freePort(), primary.port, "13.0");
    await withExporter({ config, env: { NBU_TEST_KEY: KEY } }, async (exporter) => {
      await eventually(
        "it is up",
        async () => (await exporter.metrics()).value("nbu_up", { site: "127.0.0.1" }) === 1,
      );
      for (const key of ["domain", "domainType", "contentType"]) {
        assert.match(exporter.log(), new RegExp(`nbuserver\\.${key}\\b`), `${key} is named once`);
      }
      assert.doesNotMatch(exporter.log(), /unknown-key/);
    });
  } finally {
    await primary.close();
  }
});

Deno.test("the pages answer as the contract says, before, during and after", async () => {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 3 });
  const primary = await simulator.start();
  const removeFault = simulator.faults.add({ kind: "hang" });
  const site = { scheme: "http", host: "127.0.0.1", apiKey: KEY, retry: { maxAttempts: 1 } };
  const config = {
    server: { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: 0 },
    nbuservers: [
      { ...site, site: "a", port: primary.port, timeout: "2s" },
      { ...site, site: "dead", port: freePort() },
    ],
  };
  try {
    await withExporter({ config }, async (exporter) => {
      const health = await exporter.get("/health");
      assert.deepEqual([health.status, health.text.trim()], [200, "OK"], "before the first cycle");
      const ready = await exporter.get("/-/ready");
      assert.equal(ready.status, 503);
      assert.match(ready.text, /"a"/);
      assert.equal((await exporter.metrics()).value("nbu_up", { site: "a" }), undefined);

      await eventually(
        "both sites are down",
        async () => (await exporter.get("/health")).status === 503,
      );
      const unhealthy = await exporter.get("/health");
      assert.equal(unhealthy.text.trim(), "UNHEALTHY: NetBackup API unreachable");
      assert.equal((await exporter.get("/-/healthy")).status, 200, "the process is not to blame");
      await eventually("it is ready", async () => (await exporter.get("/-/ready")).status === 200);

      removeFault();
      await eventually(
        "one site is up",
        async () => (await exporter.get("/health")).status === 200,
      );
      const page = await exporter.metrics();
      assert.equal(page.value("nbu_up", { site: "dead" }), 0);

      assert.equal((await exporter.get("/nothing")).status, 404);
      const landing = await exporter.get("/");
      assert.equal(landing.status, 200);
      assert.match(landing.text, /href="\/metrics"/);
      const head = await fetch(`http://127.0.0.1:${exporter.port}/metrics`, { method: "HEAD" });
      assert.equal(head.status, 200);
      assert.equal((await head.arrayBuffer()).byteLength, 0);
      const post = await fetch(`http://127.0.0.1:${exporter.port}/metrics`, { method: "POST" });
      assert.equal(post.status, 405);
      await post.body?.cancel();
    });
  } finally {
    await primary.close();
  }
});

Deno.test("text and OpenMetrics, plain and gzip, show the same series", async () => {
  const simulator = createSimulator({ apiKey: KEY });
  populate(simulator);
  const primary = await simulator.start();
  const config = {
    server: { port: freePort(), host: "127.0.0.1" },
    nbuservers: [{ site: "a", scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: KEY }],
  };
  try {
    await withExporter({ config }, async (exporter) => {
      // Until then new series come with each collector that ends its first run.
      await eventually("every collector has run", async () => {
        const page = await exporter.metrics();
        const names = (metric: string) =>
          new Set(page.samples(metric).map(({ labels }) => labels["collector"]));
        return names("nbu_collector_success").size === names("nbu_collector_errors_total").size;
      });
      const series = async (accept: string, encoding: string) => {
        const response = await fetch(`http://127.0.0.1:${exporter.port}/metrics`, {
          headers: { accept, "accept-encoding": encoding },
        });
        const text = await response.text();
        const type = response.headers.get("content-type") ?? "";
        const format = type.startsWith("application/openmetrics-text") ? "openmetrics" : "text";
        assert.equal(format === "openmetrics", accept.includes("openmetrics"), type);
        return parseExposition(text, format).flatMap(({ samples }) => samples)
          .map(({ name, labels }) => name + keyOf(labels)).sort();
      };
      const plain = await series("text/plain", "identity");
      assert.ok(plain.length > 100);
      assert.equal(new Set(plain).size, plain.length, "no series twice");
      assert.deepEqual(await series("text/plain", "gzip"), plain);
      const open = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
      for (const encoding of ["identity", "gzip"]) {
        const all = await series(open, encoding);
        const created = all.filter((name) => /_created\b/.test(name));
        assert.deepEqual(all.filter((name) => !created.includes(name)), plain, encoding);
        assert.ok(created.some((name) => name.startsWith("nbu_jobs_outcome_created")));
        // No series has more than one line of that kind.
        const counts = plain.filter((name) => /^\w+(_total|_count)\b/.test(name));
        assert.ok(created.length <= counts.length, `${created.length} of ${counts.length}`);
      }
    });
  } finally {
    await primary.close();
  }
});
