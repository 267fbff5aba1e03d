/**
 * The faults of the Go exporter that must not come back. Each test says which one by its number in
 * the list of the drop-in contract.
 */
import assert from "node:assert/strict";
import type { ParsedPage } from "../testing/parsed_page.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../simulator/simulator.ts";
import { eventually, type Exporter, freePort, withExporter } from "./harness.ts";

const KEY = "faults-key";
const JOBS = "/admin/jobs";
const STORAGE = "/storage/storage-units";
const KEY_CHECK = "/authorization-context";

interface World {
  readonly simulator: Simulator;
  readonly exporter: Exporter;
  /** Waits until the page has it. */
  readonly shows: (what: string, check: (page: ParsedPage) => boolean) => Promise<ParsedPage>;
}

/** Settings of the site that make failures quick. */
const QUICK = {
  timeout: "1s",
  retry: { maxAttempts: 2, minWait: "50ms", maxWait: "100ms" },
};

interface FaultOptions {
  readonly simulator?: SimulatorOptions;
  readonly prepare?: (simulator: Simulator) => void;
  readonly site?: Record<string, unknown>;
  readonly server?: Record<string, unknown>;
  readonly moreSites?: readonly unknown[];
}

async function withFaults(
  options: FaultOptions,
  body: (world: World) => Promise<void>,
): Promise<void> {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 4, ...options.simulator });
  for (let n = 0; n < 5; n++) simulator.addJob({ jobType: "BACKUP", policyType: "STANDARD" });
  options.prepare?.(simulator);
  const primary = await simulator.start();
  const config = {
    server: {
      port: freePort(),
      host: "127.0.0.1",
      collectionInterval: "1s",
      cacheTTL: 0,
      scrapingInterval: "1h",
      ...options.server,
    },
    nbuservers: [{
      site: "a",
      scheme: "http",
      host: "127.0.0.1",
      port: primary.port,
      apiKey: KEY,
      ...QUICK,
      ...options.site,
    }, ...(options.moreSites ?? [])],
  };
  try {
    await withExporter({ config }, async (exporter) => {
      const shows: World["shows"] = (what, check) =>
        eventually(what, async () => {
          const page = await exporter.metrics();
          return check(page) && page;
        });
      await body({ simulator, exporter, shows });
    });
  } finally {
    await primary.close();
  }
}

const up = (page: ParsedPage, site = "a") => page.value("nbu_up", { site });
const errors = (page: ParsedPage, collector: string, reason: string) =>
  page.value("nbu_collector_errors_total", { site: "a", collector, reason }) ?? 0;

Deno.test("fault 1: unfinished jobs are seen, though their end time is 1970", async () => {
  await withFaults({
    prepare(simulator) {
      for (const state of ["ACTIVE", "QUEUED"] as const) {
        simulator.addJob({ jobType: "RESTORE", state, endTime: 0, jobQueueReason: 5 });
      }
    },
  }, async ({ shows }) => {
    await shows(
      "the unfinished jobs are there",
      (page) =>
        page.value("nbu_jobs_state_count", { action: "RESTORE", state: "ACTIVE" }) === 1 &&
        page.value("nbu_jobs_queued_count", { action: "RESTORE", reason: "5" }) === 1,
    );
  });
});

Deno.test("fault 2: when only jobs fail, their last success stays and the failure is visible", async () => {
  await withFaults({}, async ({ simulator, shows }) => {
    const timestamp = (page: ParsedPage, source: string) =>
      page.value("nbu_last_scrape_timestamp_seconds", { source }) ?? NaN;
    await shows(
      "both were collected",
      (page) => timestamp(page, "jobs") > 0 && timestamp(page, "storage") > 0,
    );
    simulator.addJob({});
    await shows(
      "a job that ended since is counted",
      (page) => page.samples("nbu_job_duration_seconds_count").length > 0,
    );
    simulator.faults.add({ kind: "status", status: 500, endpoint: JOBS });
    const failing = await shows("jobs fail", (page) => errors(page, "jobs", "http") >= 2);
    const later = await shows(
      "storage goes on",
      (page) => timestamp(page, "storage") > timestamp(failing, "storage"),
    );
    assert.equal(up(later), 1, "storage is still collected");
    assert.equal(timestamp(later, "jobs"), timestamp(failing, "jobs"));
    assert.equal(later.value("nbu_collector_success", { collector: "jobs" }), 0);
    assert.equal(later.value("nbu_collector_success", { collector: "storage" }), 1);
    const withdrawn = await shows(
      "the old job figures are withdrawn",
      (page) => page.value("nbu_collector_stale", { collector: "jobs" }) === 1,
    );
    assert.equal(withdrawn.samples("nbu_jobs_count").length, 0);
    assert.ok(withdrawn.samples("nbu_job_duration_seconds_count").length > 0, "counters stay");
    assert.equal(timestamp(withdrawn, "jobs"), timestamp(failing, "jobs"));
    simulator.faults.clear();
    await shows("it recovers alone", (page) => page.samples("nbu_jobs_count").length > 0);
  });
});

Deno.test("fault 3: records of the same name make one series, not a page that answers 500", async () => {
  const unit = { storageCategory: "MSDP", storageServerType: "PureDisk" } as const;
  await withFaults({
    simulator: {
      storageUnits: [{ ...unit, name: "twin" }, { ...unit, name: "twin" }, { ...unit, name: "x" }],
    },
  }, async ({ shows }) => {
    const page = await shows("it is up", (page) => page.samples("nbu_storage_info").length === 2);
    assert.ok((page.value("nbu_api_rows_rejected_total", { endpoint: STORAGE }) ?? 0) >= 1);
  });
});

Deno.test("fault 6: more than 500 storage units are all read", async () => {
  const simulator = {
    storageUnits: Array.from({ length: 1103 }, (_, n) => ({
      name: `unit ${n}`,
      storageCategory: "MSDP",
      storageServerType: "PureDisk",
    } as const)),
  };
  await withFaults({ simulator }, async ({ shows }) => {
    await shows("all are there", (page) => page.samples("nbu_storage_info").length === 1103);
  });
});

Deno.test("fault 10: cloud units of 0 or 2^63-1 bytes have no capacity", async () => {
  const unit = { storageServerType: "AmazonS3", isCloudSTU: true } as const;
  await withFaults({
    simulator: {
      storageUnits: [
        { ...unit, name: "zero", storageCategory: "CLOUD", totalCapacityBytes: 0 },
        {
          ...unit,
          name: "max",
          storageCategory: "CLOUD",
          raw: { totalCapacityBytes: 9223372036854775807, freeCapacityBytes: 9223372036854775807 },
        },
      ],
    },
  }, async ({ shows }) => {
    const page = await shows(
      "both are there",
      (page) => page.samples("nbu_storage_info").length === 2,
    );
    assert.equal(page.samples("nbu_disk_capacity_bytes").length, 0);
    assert.equal(page.samples("nbu_disk_bytes").length, 0);
  });
});

Deno.test("fault 11: a 4xx is not tried again", async () => {
  await withFaults({ server: { collectionInterval: "1h" } }, async ({ simulator, exporter }) => {
    await eventually("it is ready", async () => (await exporter.get("/-/ready")).status === 200);
    assert.equal(simulator.requests.count(STORAGE), 1);
  });
  const refused: World["simulator"][] = [];
  await withFaults({
    server: { collectionInterval: "1h" },
    prepare(simulator) {
      simulator.faults.add({ kind: "status", status: 400, endpoint: STORAGE });
      refused.push(simulator);
    },
  }, async ({ simulator, exporter, shows }) => {
    const page = await shows("storage fails", (page) => errors(page, "storage", "http") === 1);
    assert.equal(simulator.requests.count(STORAGE), 1);
    assert.equal(page.value("nbu_api_retries_total", { endpoint: STORAGE }), 0);
    assert.match(exporter.log(), /HTTP status 400/);
  });
});

for (const form of ["seconds", "http-date", "iso"] as const) {
  Deno.test(`fault 11: Retry-After as ${form} is obeyed`, async () => {
    await withFaults({
      server: { collectionInterval: "1h" },
      prepare(simulator) {
        simulator.faults.add({
          kind: "status",
          status: 429,
          endpoint: STORAGE,
          count: 1,
          retryAfter: { form, waitMs: 2000 },
        });
      },
    }, async ({ simulator, shows }) => {
      await shows(
        "storage works after all",
        (page) => page.value("nbu_collector_success", { collector: "storage" }) === 1,
      );
      const [first, second, ...more] = simulator.requests.to(STORAGE);
      assert.equal(more.length, 0);
      const waited = (second?.timeMs ?? 0) - (first?.timeMs ?? 0);
      // HTTP dates have no fractions of a second; the configured wait would be 50 ms.
      assert.ok(waited >= 900, `waited ${waited} ms`);
    });
  });
}

Deno.test("fault 12: a black-holed primary affects its own series only", async () => {
  const hole = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    await withFaults({
      moreSites: [{
        ...QUICK,
        site: "hole",
        scheme: "http",
        host: "127.0.0.1",
        port: hole.addr.port,
        apiKey: KEY,
        timeout: "5m",
      }],
    }, async ({ simulator, shows }) => {
      const page = await shows(
        "the other site is there",
        (page) => up(page) === 1 && page.samples("nbu_jobs_count", { site: "a" }).length > 0,
      );
      const polled = simulator.requests.count(STORAGE);
      await eventually("it is polled on", () => simulator.requests.count(STORAGE) > polled + 2);
      assert.equal(page.samples("nbu_jobs_count", { site: "hole" }).length, 0);
    });
  } finally {
    hole.close();
  }
});

Deno.test("fault 15: NetBackup's own error code and message reach the log", async () => {
  await withFaults({
    prepare: (simulator) => {
      simulator.faults.add({ kind: "status", status: 500, endpoint: JOBS });
    },
  }, async ({ exporter, shows }) => {
    await shows("jobs fail", (page) => errors(page, "jobs", "http") >= 1);
    assert.match(exporter.log(), /site=a .*\/admin\/jobs.*HTTP status 500, NetBackup status \d+/);
  });
});

Deno.test("fault 16: a field of another type costs its row, not the page", async () => {
  await withFaults({
    prepare: (simulator) => {
      simulator.addJob({ jobType: "VERIFY", raw: { jobType: { unexpected: true } } });
    },
  }, async ({ shows }) => {
    const page = await shows(
      "the other jobs are there",
      (page) => page.value("nbu_jobs_count", { action: "BACKUP" }) === 5,
    );
    assert.ok((page.value("nbu_api_rows_rejected_total", { endpoint: JOBS }) ?? 0) >= 1);
    assert.equal(page.value("nbu_collector_success", { collector: "jobs" }), 1);
  });
});

Deno.test("fault 17: a bad key is sent once per cycle", async () => {
  await withFaults({ site: { apiKey: "wrong" } }, async ({ simulator, exporter, shows }) => {
    const page = await shows(
      "three cycles have failed",
      (page) => errors(page, "storage", "auth") >= 3 && errors(page, "jobs", "auth") >= 3,
    );
    assert.equal(up(page), 0);
    const keyed = simulator.requests.all().filter((request) => request.authorization === "invalid");
    assert.deepEqual([...new Set(keyed.map(({ endpoint }) => endpoint))], [KEY_CHECK]);
    const cycles = errors(await exporter.metrics(), "storage", "auth");
    assert.ok(keyed.length <= cycles + 1, `${keyed.length} requests in ${cycles} cycles`);
    assert.match(exporter.log(), /refuses the API key/);
    simulator.setApiKey("wrong");
    await shows("the key is tried again", (page) => up(page) === 1);
  });
});

Deno.test("fault 17: a missing permission is told from a bad key", async () => {
  await withFaults({ simulator: { denied: [JOBS] } }, async ({ exporter, shows }) => {
    const page = await shows(
      "jobs are forbidden",
      (page) => errors(page, "jobs", "forbidden") >= 1,
    );
    assert.equal(errors(page, "jobs", "auth"), 0);
    assert.match(exporter.log(), /not authorized for GET \/admin\/jobs/);
    await shows("storage is collected", (page) => up(page) === 1);
  });
});

Deno.test("fault 17: the API version is detected again when the primary's changes", async () => {
  await withFaults({ simulator: { apiVersion: "14.0" } }, async ({ simulator, shows }) => {
    await shows(
      "14.0 is used",
      (page) => page.value("nbu_collector_success", { collector: "jobs" }) === 1,
    );
    simulator.setApiVersion("12.0");
    const page = await shows(
      "12.0 is used",
      (page) => page.value("nbu_api_version", { version: "12.0" }) === 1,
    );
    assert.equal(page.samples("nbu_api_version").length, 1);
    await shows("it is up", (page) => up(page) === 1 && errors(page, "jobs", "unsupported") === 0);
  });
});

Deno.test("without a version header the version is found by walking down on 406", async () => {
  const simulator = { apiVersion: "12.0", versionHeader: false } as const;
  await withFaults({ simulator }, async ({ shows }) => {
    await shows("12.0 is used", (page) => page.value("nbu_api_version", { version: "12.0" }) === 1);
  });
});

Deno.test("fault 18: the exporter reports on itself", async () => {
  await withFaults({}, async ({ simulator, shows }) => {
    await shows("it is up", (page) => up(page) === 1);
    simulator.faults.add({ kind: "status", status: 503, endpoint: STORAGE, count: 1 });
    const page = await shows(
      "a retry is counted",
      (page) => page.value("nbu_api_retries_total", { endpoint: STORAGE }) === 1,
    );
    for (const code of ["200", "503"]) {
      assert.ok((page.value("nbu_api_requests_total", { endpoint: STORAGE, code }) ?? 0) >= 1);
    }
    assert.ok((page.value("nbu_api_request_duration_seconds_count", { endpoint: JOBS }) ?? 0) > 0);
    assert.equal(page.value("nbu_exporter_config_last_reload_successful"), 1);
    assert.ok((page.value("process_resident_memory_bytes") ?? 0) > 10_000_000);
    assert.ok((page.value("process_cpu_seconds_total") ?? 0) > 0);
    const age = Date.now() / 1000 - (page.value("process_start_time_seconds") ?? 0);
    assert.ok(age > 0 && age < 600, `started ${age} s ago`);
    assert.ok((page.value("nbu_exporter_event_loop_delay_seconds") ?? -1) >= 0);
  });
});

Deno.test("fault 19: a success of 0 rows can be told from one with rows", async () => {
  await withFaults({
    prepare: (simulator) => {
      simulator.faults.add({ kind: "emptyList", endpoint: STORAGE });
    },
  }, async ({ shows }) => {
    const page = await shows(
      "storage is empty, and the jobs are there",
      (page) =>
        page.value("nbu_collector_rows", { collector: "storage" }) === 0 &&
        page.value("nbu_collector_rows", { collector: "jobs" }) === 5,
    );
    assert.equal(page.value("nbu_collector_success", { collector: "storage" }), 1);
  });
});

const BROKEN_RESPONSES = [
  { fault: { kind: "html" }, reason: "parse", log: /HTML page/ },
  { fault: { kind: "brokenJson" }, reason: "parse", log: /JSON/ },
  { fault: { kind: "truncate" }, reason: "network", log: /\/admin\/jobs/ },
  { fault: { kind: "drop" }, reason: "network", log: /without a response/ },
  { fault: { kind: "hang" }, reason: "timeout", log: /received no response within 1 s/ },
  { fault: { kind: "hugeBody", bytes: 40_000_000 }, reason: "too_large", log: /the limit/ },
] as const;

for (const { fault, reason, log } of BROKEN_RESPONSES) {
  Deno.test(`a response with the fault "${fault.kind}" fails as ${reason}, and it recovers`, async () => {
    await withFaults({}, async ({ simulator, exporter, shows }) => {
      await shows("it is up", (page) => up(page) === 1);
      simulator.faults.add({ ...fault, endpoint: JOBS });
      await shows("jobs fail", (page) => errors(page, "jobs", reason) >= 1);
      assert.match(exporter.log(), log);
      simulator.faults.clear();
      await shows(
        "jobs work again",
        (page) => page.value("nbu_collector_success", { collector: "jobs" }) === 1,
      );
    });
  });
}

Deno.test("a cursor that repeats neither ends the reading too early nor makes it endless", async () => {
  await withFaults({
    prepare(simulator) {
      // Ended and updated each at a time of its own: jobs of one moment that fill pages can only be
      // read by cursor. On a fast machine all of them are added within a millisecond.
      const now = Date.now();
      for (let n = 0; n < 250; n++) {
        const time = now - n * 1000;
        simulator.addJob({ endTime: time, lastUpdateTime: time });
      }
      simulator.faults.add({ kind: "repeatCursor", endpoint: JOBS });
    },
  }, async ({ simulator, shows }) => {
    const count = (page: ParsedPage) =>
      page.samples("nbu_jobs_count").reduce((sum, { value }) => sum + value, 0);
    const page = await shows("the jobs are read", (page) => count(page) > 0);
    assert.equal(count(page), simulator.truth.finishedBetween(Date.now() - 3_600_000).length);
  });
});

Deno.test("readiness does not wait for a primary that does not answer", async () => {
  // A listener that accepts and says nothing, as behind a firewall that swallows packets.
  const hole = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const held: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of hole) held.push(connection);
  })();
  try {
    await withFaults({
      moreSites: [{
        site: "hole",
        scheme: "http",
        host: "127.0.0.1",
        port: hole.addr.port,
        apiKey: "k",
        timeout: "10m",
      }],
    }, async ({ exporter }) => {
      await eventually("the exporter is ready", async () => {
        const response = await exporter.get("/-/ready");
        return response.status === 200;
      });
    });
  } finally {
    hole.close();
    for (const connection of held) connection.close();
    await accepting.catch(() => {});
  }
});
