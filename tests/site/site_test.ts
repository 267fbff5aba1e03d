import assert from "node:assert/strict";
import type { SiteConfig } from "../../src/config/types.ts";
import { freshCollector, Site, type SiteOptions } from "../../src/site/site.ts";
import { noTracing } from "../../src/telemetry/tracing.ts";
import { createFakeClient, type FakeClient, statusError } from "../testing/fake_client.ts";
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import {
  createFakeCollector,
  type FakeCollector,
  hang,
  resultOf,
} from "../testing/fake_collector.ts";
import { createRecordingLogger, type LogRecord } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { siteConfig } from "../testing/site_config.ts";

const MINUTE = 60_000;
const INTERVAL = 5 * MINUTE;

interface World {
  readonly site: Site;
  readonly clock: FakeClock;
  readonly client: FakeClient;
  readonly storage: FakeCollector;
  readonly jobs: FakeCollector;
  readonly records: LogRecord[];
  readonly changes: () => number;
}

async function withSite(
  body: (world: World) => Promise<void>,
  changes: { config?: Partial<SiteConfig>; options?: Partial<SiteOptions> } = {},
): Promise<void> {
  const clock = createFakeClock();
  const client = createFakeClient();
  const storage = createFakeCollector("storage");
  const jobs = createFakeCollector("jobs");
  const { logger, records } = createRecordingLogger();
  let changed = 0;
  const site = new Site({
    config: siteConfig(changes.config),
    schedule: {
      collectionIntervalMs: INTERVAL,
      storageIntervalMs: INTERVAL,
      windowMs: 12 * INTERVAL,
    },
    client,
    clock,
    logger,
    tracing: noTracing,
    firstPollDelayMs: 0,
    onChange: () => changed += 1,
    collectors: [freshCollector(storage), freshCollector(jobs)],
    ...changes.options,
  });
  try {
    await body({ site, clock, client, storage, jobs, records, changes: () => changed });
  } finally {
    await site.close({ timeoutMs: 0 });
    await clock.advance(0);
    assert.equal(clock.pending, 0, "no wait is left after close()");
  }
}

Deno.test("Site polls its collectors at once and then at each interval", async () => {
  await withSite(async ({ site, clock, storage, jobs, client }) => {
    site.start();
    await clock.advance(0);
    assert.deepEqual([storage.runs, jobs.runs], [1, 1]);
    await clock.advance(INTERVAL - 1);
    assert.deepEqual([storage.runs, jobs.runs], [1, 1]);
    await clock.advance(1);
    assert.deepEqual([storage.runs, jobs.runs], [2, 2]);
    assert.deepEqual(client.asked, ["ping", "authorization-context"], "negotiated once");
  });
});

Deno.test("Site reuses the storage result for longer than the polling interval when asked to", async () => {
  const schedule = { collectionIntervalMs: INTERVAL, storageIntervalMs: 3 * INTERVAL, windowMs: 1 };
  await withSite(async ({ site, clock, storage, jobs }) => {
    site.start();
    await clock.advance(2 * INTERVAL);
    assert.deepEqual([storage.runs, jobs.runs], [1, 3]);
    storage.behave = () => Promise.reject(statusError(500));
    await clock.advance(INTERVAL);
    assert.equal(storage.runs, 2);
    await clock.advance(INTERVAL);
    assert.equal(storage.runs, 3, "a failed result is not reused");
  }, { options: { schedule } });
});

Deno.test("Site is neither up nor down before a main source has ended, then up by one of them", async () => {
  await withSite(async ({ site, clock, storage, jobs }) => {
    storage.behave = hang;
    jobs.behave = hang;
    site.start();
    await clock.advance(0);
    assert.equal(seriesCount(site.families(), "nbu_up"), 0);
    assert.equal(site.summary().firstCycleEnded, false);
  });
  await withSite(async ({ site, clock, jobs }) => {
    jobs.behave = () => Promise.reject(statusError(500));
    site.start();
    await clock.advance(0);
    assert.equal(valueOf(site.families(), "nbu_up", { site: "a" }), 1);
    assert.equal(site.summary().firstCycleEnded, true);
  });
});

Deno.test("Site keeps the last success time of a failing source, so that its age can be alerted on", async () => {
  await withSite(async ({ site, clock, jobs }) => {
    site.start();
    await clock.advance(0);
    const before = valueOf(site.families(), "nbu_last_scrape_timestamp_seconds", {
      source: "jobs",
    });
    assert.equal(before, clock.now() / 1000);
    jobs.behave = () => Promise.reject(statusError(503));
    await clock.advance(10 * INTERVAL);
    const families = site.families();
    assert.equal(valueOf(families, "nbu_up"), 1, "storage is still collected");
    assert.equal(
      valueOf(families, "nbu_last_scrape_timestamp_seconds", { source: "jobs" }),
      before,
    );
    assert.equal(
      valueOf(families, "nbu_last_scrape_timestamp_seconds", { source: "storage" }),
      clock.now() / 1000,
    );
    assert.equal(valueOf(families, "nbu_collector_success", { collector: "jobs" }), 0);
    assert.equal(
      valueOf(families, "nbu_collector_errors_total", { collector: "jobs", reason: "http" }),
      10,
    );
    assert.equal(
      valueOf(families, "nbu_collector_errors_total", { collector: "jobs", reason: "auth" }),
      0,
      "every reason exists from the start",
    );
  });
});

Deno.test("Site shows an old result for three intervals, then withdraws it without another event", async () => {
  await withSite(async ({ site, clock, storage, changes }) => {
    storage.behave = ({ site }) => Promise.resolve(resultOf(site, 42));
    site.start();
    await clock.advance(0);
    storage.behave = hang;
    await clock.advance(3 * INTERVAL - 1);
    assert.equal(valueOf(site.families(), "nbu_disk_capacity_bytes"), 42);
    assert.equal(valueOf(site.families(), "nbu_collector_stale", { collector: "storage" }), 0);
    const before = changes();
    await clock.advance(1);
    assert.equal(seriesCount(site.families(), "nbu_disk_capacity_bytes"), 0);
    assert.equal(valueOf(site.families(), "nbu_collector_stale", { collector: "storage" }), 1);
    assert.ok(changes() > before, "the withdrawal was published");
  });
});

Deno.test("Site keeps counters when the result that brought them is withdrawn", async () => {
  await withSite(async ({ site, clock, storage }) => {
    const { families } = resultOf("a", 7);
    storage.behave = () => Promise.resolve({ families: [], cumulative: families, rows: 0 });
    site.start();
    await clock.advance(0);
    storage.behave = () => Promise.reject(statusError(500));
    await clock.advance(20 * INTERVAL);
    assert.equal(valueOf(site.families(), "nbu_collector_stale", { collector: "storage" }), 1);
    assert.equal(valueOf(site.families(), "nbu_disk_capacity_bytes"), 7);
  });
});

Deno.test("Site ends a run that spends its time budget", async () => {
  await withSite(async ({ site, clock, storage, records }) => {
    storage.behave = hang;
    site.start();
    await clock.advance(INTERVAL);
    assert.equal(
      valueOf(site.families(), "nbu_collector_errors_total", {
        collector: "storage",
        reason: "budget",
      }),
      1,
    );
    assert.match(String(records.find((r) => r.level === "warn")?.fields["error"]), /time budget/);
  });
});

Deno.test("Site tries a bad key once per cycle and stops both collectors", async () => {
  await withSite(async ({ site, clock, client, storage, jobs }) => {
    client.keyAccepted = false;
    site.start();
    await clock.advance(0);
    assert.deepEqual(client.asked, ["ping", "authorization-context"]);
    await clock.advance(2 * INTERVAL);
    assert.equal(client.asked.filter((path) => path === "authorization-context").length, 3);
    assert.deepEqual([storage.runs, jobs.runs], [0, 0]);
    assert.equal(valueOf(site.families(), "nbu_up"), 0);
    for (const collector of ["storage", "jobs"]) {
      const labels = { collector, reason: "auth" };
      assert.equal(valueOf(site.families(), "nbu_collector_errors_total", labels), 3);
    }
    client.keyAccepted = true;
    await clock.advance(INTERVAL);
    assert.equal(valueOf(site.families(), "nbu_up"), 1, "it recovers alone");
  });
});

Deno.test("Site stops the other collector when the key turns bad while both run", async () => {
  await withSite(async ({ site, clock, client, storage, jobs }) => {
    site.start();
    await clock.advance(0);
    client.keyAccepted = false;
    storage.behave = () => Promise.reject(statusError(401, "/storage/storage-units"));
    jobs.behave = hang;
    await clock.advance(INTERVAL);
    for (const collector of ["storage", "jobs"]) {
      const labels = { collector, reason: "auth" };
      assert.equal(valueOf(site.families(), "nbu_collector_errors_total", labels), 1, collector);
    }
  });
});

Deno.test("Site tells a missing permission from a bad key", async () => {
  await withSite(async ({ site, clock, storage, jobs, records }) => {
    storage.behave = () => Promise.reject(statusError(401, "/storage/storage-units"));
    site.start();
    await clock.advance(0);
    const labels = { collector: "storage", reason: "forbidden" };
    assert.equal(valueOf(site.families(), "nbu_collector_errors_total", labels), 1);
    assert.equal(valueOf(site.families(), "nbu_up"), 1);
    assert.equal(jobs.runs, 1);
    const warning = records.find((record) => record.level === "warn");
    assert.match(String(warning?.fields["error"]), /\/storage\/storage-units.*permission/s);
  });
});

Deno.test("Site detects the API version again after 406 and repeats the run with it", async () => {
  await withSite(async ({ site, clock, client, jobs }) => {
    client.version = "13.0";
    site.start();
    await clock.advance(0);
    assert.equal(valueOf(site.families(), "nbu_api_version", { version: "13.0" }), 1);
    client.version = "12.0";
    jobs.behave = ({ session, site }) =>
      session.version === "12.0"
        ? Promise.resolve(resultOf(site, 1))
        : Promise.reject(statusError(406));
    await clock.advance(INTERVAL);
    assert.equal(valueOf(site.families(), "nbu_api_version", { version: "12.0" }), 1);
    assert.equal(seriesCount(site.families(), "nbu_api_version"), 1);
    assert.equal(valueOf(site.families(), "nbu_collector_success", { collector: "jobs" }), 1);
  });
});

Deno.test("Site keeps to the configured API version and says unsupported on 406", async () => {
  await withSite(async ({ site, clock, client, jobs }) => {
    jobs.behave = () => Promise.reject(statusError(406));
    site.start();
    await clock.advance(0);
    assert.deepEqual(client.asked, ["authorization-context"]);
    assert.equal(valueOf(site.families(), "nbu_collector_unsupported", { collector: "jobs" }), 1);
    assert.equal(
      valueOf(site.families(), "nbu_collector_unsupported", { collector: "storage" }),
      0,
    );
  }, { config: { apiVersion: "13.0" } });
});

Deno.test("Site goes on when the primary answers the key check with an error of its own", async () => {
  await withSite(async ({ site, clock, client }) => {
    client.keyAccepted = statusError(500, "/authorization-context");
    site.start();
    await clock.advance(0);
    assert.equal(valueOf(site.families(), "nbu_up"), 1);
  });
});

Deno.test("Site takes a new schedule without waiting for the old one", async () => {
  await withSite(async ({ site, clock, jobs }) => {
    site.start();
    await clock.advance(MINUTE);
    site.reschedule({ collectionIntervalMs: 2 * MINUTE, storageIntervalMs: INTERVAL, windowMs: 1 });
    await clock.advance(MINUTE);
    assert.equal(jobs.runs, 2);
    let windowMs = 0;
    jobs.behave = (context) => {
      windowMs = context.windowMs;
      return Promise.resolve(resultOf("a", 1));
    };
    await clock.advance(2 * MINUTE);
    assert.equal(windowMs, 1);
  });
});

Deno.test("Site warns about a failure once and says when it is over", async () => {
  await withSite(async ({ site, clock, jobs, records }) => {
    jobs.behave = () => Promise.reject(statusError(503));
    site.start();
    await clock.advance(3 * INTERVAL);
    assert.equal(records.filter((record) => record.level === "warn").length, 1);
    jobs.behave = () => Promise.resolve(resultOf("a", 1));
    await clock.advance(INTERVAL);
    assert.ok(records.some((record) => record.message === "collection works again"));
  });
});

Deno.test("Site reports a fault of a collector as internal and goes on", async () => {
  await withSite(async ({ site, clock, jobs }) => {
    jobs.behave = () => Promise.reject(new RangeError("bug"));
    site.start();
    await clock.advance(INTERVAL);
    const labels = { collector: "jobs", reason: "internal" };
    assert.equal(valueOf(site.families(), "nbu_collector_errors_total", labels), 2);
  });
});

Deno.test("Site publishes nothing after close(), not even the run that was in flight", async () => {
  await withSite(async ({ clock, client, storage, jobs, changes }) => {
    const site = new Site({
      config: siteConfig(),
      schedule: { collectionIntervalMs: INTERVAL, storageIntervalMs: INTERVAL, windowMs: 1 },
      client,
      clock,
      logger: createRecordingLogger().logger,
      tracing: noTracing,
      firstPollDelayMs: 0,
      onChange: () => assert.fail("published after close()"),
      collectors: [freshCollector(createFakeCollector("jobs"))].map((entry) => {
        const collector = createFakeCollector("jobs");
        collector.behave = hang;
        return { ...entry, collector };
      }),
    });
    site.start();
    await clock.advance(0);
    await site.close({ timeoutMs: 0 });
    assert.equal(client.closed, true);
    assert.deepEqual([storage.runs, jobs.runs, changes()], [0, 0, 0]);
  });
});
