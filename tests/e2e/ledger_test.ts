import assert from "node:assert/strict";
import { join } from "node:path";
import type { ParsedPage } from "../testing/parsed_page.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { eventually, type Exporter, freePort, startExporter, withDirectory } from "./harness.ts";

const KEY = "ledger-key";
const KILLS = 20;

const completed = (page: ParsedPage) =>
  page.samples("nbu_jobs_completed_total").reduce((sum, { value }) => sum + value, 0);
const bytes = (page: ParsedPage) =>
  page.samples("nbu_jobs_protected_bytes_total").reduce((sum, { value }) => sum + value, 0);

Deno.test(`counters are exact over ${KILLS} kills of the process, and never go back`, async () => {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 1 });
  const primary = await simulator.start();
  let born = 0;
  const open: number[] = [];
  let live: ReturnType<typeof setInterval> | undefined;
  let startMs = 0;
  /** Jobs end from now on: the counters have begun at 0 with the first poll. */
  const begin = () => {
    startMs = Date.now();
    live ??= setInterval(addJob, 5);
  };
  const addJob = () => {
    born += 1;
    // Some jobs are seen before they end, some end twice, some grow after the end.
    const job = {
      jobType: born % 3 === 0 ? "RESTORE" : "BACKUP",
      status: born % 7 === 0 ? 84 : 0,
      kilobytesTransferred: born,
      childCount: born % 5 === 0 ? 2 : 0,
    };
    const now = Date.now();
    const ended = { state: "DONE", endTime: now } as const;
    if (born % 4 === 0) open.push(simulator.addJob({ ...job, state: "ACTIVE", endTime: 0 }));
    else simulator.addJob({ ...job, ...ended });
    const next = open.length > 10 ? open.shift() : undefined;
    if (next !== undefined) simulator.updateJob(next, { ...job, ...ended, startTime: now - 1000 });
  };
  try {
    await withDirectory(async (directory) => {
      const config = {
        server: {
          port: freePort(),
          host: "127.0.0.1",
          collectionInterval: "1s",
          cacheTTL: "1h",
        },
        nbuservers: [
          { site: "a", scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: KEY },
        ],
        state: { directory: join(directory, "state") },
      };
      let exporter: Exporter | undefined;
      let before = { completed: 0, bytes: 0 };
      try {
        for (let kill = 0; kill <= KILLS; kill++) {
          exporter = await startExporter({ config, directory });
          const running = exporter;
          const page = await eventually("jobs are collected", async () => {
            const page = await running.metrics();
            return page.value("nbu_collector_success", { collector: "jobs" }) === 1 && page;
          });
          assert.ok(completed(page) >= before.completed, `${kill} kills: completions`);
          assert.ok(bytes(page) >= before.bytes, `${kill} kills: bytes`);
          if (kill === KILLS) break;
          if (kill === 0) begin();
          // At any moment of a poll, so at another one each time.
          await new Promise((resolve) => setTimeout(resolve, 53 * kill));
          const last = await running.metrics();
          before = { completed: completed(last), bytes: bytes(last) };
          running.signal("SIGKILL");
          await running.status;
        }
        clearInterval(live);
        const truth = simulator.truth.endsBetween(startMs);
        const leaves = truth.filter(({ job }) => job.childCount === 0);
        const kilobytes = leaves.reduce((sum, { job }) => sum + job.kilobytesTransferred, 0);
        assert.ok(truth.length > 200, `${truth.length} ends`);
        const running = exporter;
        assert.ok(running);
        const page = await eventually("all ends are counted", async () => {
          const page = await running.metrics();
          return completed(page) >= truth.length && page;
        });
        assert.equal(completed(page), truth.length, "each end counts once");
        assert.equal(bytes(page), kilobytes * 1024);
      } finally {
        await exporter?.stop();
      }
    });
  } finally {
    clearInterval(live);
    await primary.close();
  }
});

Deno.test("a second process on one state directory refuses to start", async () => {
  await withDirectory(async (directory) => {
    const config = (port: number) => ({
      server: { port, host: "127.0.0.1" },
      nbuservers: [{ site: "a", host: "127.0.0.1", port: freePort(), apiKey: KEY }],
    });
    const env = { STATE_DIRECTORY: join(directory, "state") };
    const first = await startExporter({ config: config(freePort()), directory, env });
    try {
      const other = join(directory, "second");
      const options = { config: config(freePort()), directory: other, env, expectFailure: true };
      const second = await startExporter(options);
      assert.equal((await second.status).code, 1);
      assert.match(second.log(), /another process/);
    } finally {
      await first.stop();
    }
    const again = await startExporter({ config: config(freePort()), directory, env });
    assert.equal((await again.stop()).code, 0, "it is free after the first has ended");
  });
});
