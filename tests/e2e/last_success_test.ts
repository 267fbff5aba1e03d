/**
 * What the page shows of a site that cannot be read since the start of the exporter.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { ParsedPage } from "../testing/parsed_page.ts";
import { createSimulator, type RunningSimulator, type Simulator } from "../simulator/simulator.ts";
import { eventually, type Exporter, freePort, startExporter, withDirectory } from "./harness.ts";

const KEY = "restart-key";
const SUCCESS = "nbu_collector_last_success_timestamp_seconds";
const PART = "nbu_ledger_part_last_success_timestamp_seconds";
const COUNTERS = [
  "nbu_jobs_completed_total",
  "nbu_jobs_outcome_total",
  "nbu_backups_total",
  "nbu_jobs_protected_bytes_total",
  "nbu_job_duration_seconds_count",
  "nbu_client_outcomes_total",
];

/** What must be the same after a restart: times, and counters with their labels. */
function kept(page: ParsedPage) {
  const seconds = (collector: string) => page.value(SUCCESS, { collector });
  const counters = COUNTERS.flatMap((name) =>
    page.samples(name).map(({ labels, value }) => `${name} ${JSON.stringify(labels)} ${value}`)
  );
  return {
    counters: counters.sort(),
    jobs: seconds("jobs"),
    storage: seconds("storage"),
    lastScrape: page.value("nbu_last_scrape_timestamp_seconds", { source: "jobs" }),
    finished: page.value(PART, { part: "finished" }),
    unfinished: page.value(PART, { part: "unfinished" }),
  };
}

/** A primary that was read for a while by an exporter which then ended in some way. */
async function withHistory(
  end: (exporter: Exporter) => Promise<void>,
  body: (after: {
    readonly before: ReturnType<typeof kept>;
    readonly simulator: Simulator;
    readonly primary: RunningSimulator;
    /** Starts the exporter again, with another key perhaps. */
    readonly restart: (apiKey?: string) => Promise<Exporter>;
  }) => Promise<void>,
): Promise<void> {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 1 });
  const primary = await simulator.start();
  const port = freePort();
  let running: Exporter | undefined;
  try {
    await withDirectory(async (directory) => {
      const start = async (apiKey = KEY) => {
        const config = {
          server: { port, host: "127.0.0.1", collectionInterval: "2s", cacheTTL: "1h" },
          nbuservers: [{
            site: "a",
            scheme: "http",
            host: "127.0.0.1",
            port: primary.port,
            apiKey,
            timeout: "5m",
            retry: { maxAttempts: 1 },
          }],
          state: { directory: join(directory, "state") },
          collectors: { sla: { enabled: true } },
        };
        running = await startExporter({ config, directory });
        return running;
      };
      const exporter = await start();
      await eventually(
        "the first poll is over",
        async () =>
          (await exporter.metrics()).value("nbu_collector_success", { collector: "sla" }) === 1,
      );
      for (const status of [0, 0, 96]) {
        simulator.addJob({ jobType: "BACKUP", status, state: "DONE", endTime: Date.now() });
      }
      const counted = (page: ParsedPage) =>
        page.value("nbu_backups_total", { outcome: "first_try" }) === 2 &&
        page.samples("nbu_jobs_completed_total").some(({ value }) => value === 1);
      await eventually(
        "the jobs are counted, and shown",
        async () => counted(await exporter.metrics()),
      );
      const state = join(directory, "state");
      await eventually("what is known is on disk", async () => {
        const names = [...Deno.readDirSync(state)].map(({ name }) => name);
        const runs = names.find((name) => name.endsWith(".runs"));
        const text = runs ? await Deno.readTextFile(join(state, runs)) : "";
        return ["jobs", "storage"].every((name) => text.includes(`"${name}":`));
      });
      const before = kept(await exporter.metrics());
      await end(exporter);
      await body({ before, simulator, primary, restart: start });
    });
  } finally {
    await running?.stop();
    await primary.close();
  }
}

const stopped = async (exporter: Exporter) => {
  assert.equal((await exporter.stop()).code, 0);
};
const killed = async (exporter: Exporter) => {
  exporter.signal("SIGKILL");
  await exporter.status;
};

/** Nothing that is shown claims more than is known. */
function assertNothingClaimed(page: ParsedPage): void {
  for (const collector of ["jobs", "storage"]) {
    assert.equal(page.value("nbu_collector_success", { collector }), 0);
    assert.equal(page.value("nbu_collector_stale", { collector }), 1);
    assert.equal(page.value("nbu_collector_rows", { collector }), undefined);
  }
  assert.equal(page.value("nbu_up", { site: "a" }), 0);
  assert.equal(page.samples("nbu_ledger_backfill_progress_ratio").length, 0);
}

/** The first page on which there is anything of the site. */
function firstPage(exporter: Exporter): Promise<ParsedPage> {
  return eventually("something is known of the site", async () => {
    const page = await exporter.metrics();
    return page.samples(SUCCESS).length > 0 && page;
  });
}

/** The page once the main collectors have failed. */
function pageOfFailure(exporter: Exporter): Promise<ParsedPage> {
  return eventually("its collectors have failed", async () => {
    const page = await exporter.metrics();
    const failed = (collector: string) => page.value("nbu_collector_success", { collector }) === 0;
    return failed("jobs") && failed("storage") && page;
  });
}

Deno.test("last success and counters are those from before a restart while the key is refused", () =>
  withHistory(stopped, async ({ before, restart }) => {
    const exporter = await restart("wrong");
    const shown = kept(await firstPage(exporter));
    const later = await pageOfFailure(exporter);
    const errors = { collector: "jobs", reason: "auth" };
    assert.ok(Number(later.value("nbu_collector_errors_total", errors)) > 0);
    // The last run may have ended after the page was read.
    assert.ok(Number(shown.jobs) >= Number(before.jobs));
    assert.ok(Number(shown.finished) >= Number(before.finished));
    assert.deepEqual(shown.counters, before.counters);
    assert.deepEqual(kept(later), shown, "it grows old");
    assert.equal(shown.lastScrape, shown.jobs);
    assertNothingClaimed(later);
  }));

Deno.test("last success and counters are those from before a kill while the primary is down", () =>
  withHistory(killed, async ({ before, simulator, primary, restart }) => {
    simulator.faults.add({ kind: "hang" });
    const exporter = await restart();
    const first = await firstPage(exporter);
    assert.equal(first.samples("nbu_collector_success").length, 0, "the first poll goes on");
    const shown = kept(first);
    await primary.close();
    const later = await pageOfFailure(exporter);
    for (const time of ["jobs", "storage", "finished", "unfinished"] as const) {
      const [now = 0, then = 0] = [shown[time], before[time]];
      assert.ok(now > then - 600 && now <= then && now > 0, `${time}: ${now}, ${then} before`);
    }
    assert.deepEqual(shown.counters, before.counters);
    assert.deepEqual(kept(later), shown, "it grows old");
    assertNothingClaimed(later);
  }));

Deno.test("last success of a site that was never read is 0, and its counters begin at 0", async () => {
  await withDirectory(async (directory) => {
    const config = {
      server: { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: 0 },
      nbuservers: [{
        site: "a",
        scheme: "http",
        host: "127.0.0.1",
        port: freePort(),
        apiKey: KEY,
        retry: { maxAttempts: 1 },
      }],
      state: { directory: join(directory, "state") },
    };
    const exporter = await startExporter({ config, directory });
    try {
      const first = await firstPage(exporter);
      const later = await pageOfFailure(exporter);
      for (const page of [first, later]) {
        const { jobs, storage, lastScrape, finished, unfinished } = kept(page);
        assert.deepEqual([jobs, storage, lastScrape, finished, unfinished], [0, 0, 0, 0, 0]);
        assert.equal(page.value("nbu_backups_total", { outcome: "failed" }), 0);
      }
      assertNothingClaimed(later);
    } finally {
      await exporter.stop();
    }
  });
});
