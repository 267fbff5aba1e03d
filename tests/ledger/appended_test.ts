import assert from "node:assert/strict";
import { createLedgerCollector } from "../../src/ledger/collector.ts";
import { openStateDirectory, type StateDirectory } from "../../src/state/directory.ts";
import { fileNameOf } from "../../src/state/file_name.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { ModelPrimary } from "./_model.ts";

const START = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;

/** A ledger whose checkpoint is a file. */
interface World {
  readonly primary: ModelPrimary;
  readonly collect: () => ReturnType<ReturnType<typeof createLedgerCollector>["collect"]>;
  /** Another process goes on. */
  readonly restart: () => void;
  /** Size of the checkpoint, in bytes. */
  readonly size: () => number;
  readonly finish: (jobs: number) => void;
}

async function withFile(
  options: { readonly recall?: number },
  use: (world: World) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const { logger } = createRecordingLogger();
  let state: StateDirectory | undefined;
  try {
    state = await openStateDirectory({ directory, clock: createFakeClock(), logger });
    const { checkpoint } = state;
    const primary = new ModelPrimary(START);
    primary.pageSize = 100;
    primary.requestMs = 0;
    const create = () =>
      createLedgerCollector({
        ...{ site: "a", zeroFirst: false, lookUpStatuses: false, windowCheckMs: 0, ...options },
        checkpoint: checkpoint({ site: "a", primary: "https://nbu:1556/netbackup" }),
      });
    const context = contextOf(primary, { windowMs: 24 * 60 * MINUTE });
    let collector = create();
    await use({
      primary,
      collect: () => collector.collect(context),
      restart: () => void (collector = create()),
      size: () => Deno.statSync(`${directory}/${fileNameOf("a")}`).size,
      finish: (jobs) => {
        for (let job = 0; job < jobs; job++) {
          primary.now += 1000;
          primary.finish(primary.birth(), { kilobytes: 10, files: job });
        }
      },
    });
  } finally {
    state?.close();
    await Deno.remove(directory, { recursive: true });
  }
}

type Result = Awaited<ReturnType<World["collect"]>>;
const figures = ({ families, cumulative }: Result) => ({
  counted: valueOf(cumulative, "nbu_jobs_completed_total"),
  bytes: valueOf(cumulative, "nbu_jobs_protected_bytes_total"),
  window: valueOf(families, "nbu_jobs_count"),
});

Deno.test("a poll writes what is new since the last, and a restart reads it all", () =>
  withFile({}, async ({ primary, collect, restart, size, finish }) => {
    await collect();
    finish(3000);
    primary.now += MINUTE;
    await collect();
    // Nothing of what was read is read once more.
    primary.now += MINUTE;
    await collect();
    const whole = size();
    let before = whole;
    for (let poll = 0; poll < 5; poll++) {
      finish(10);
      primary.now += MINUTE;
      await collect();
      const added = size() - before;
      assert.ok(added > 0 && added < whole / 5, `${added} of ${whole} bytes`);
      before = size();
      await collect();
      assert.equal(size(), before, "a poll that saw nothing new writes nothing");
    }
    const last = figures(await collect());
    assert.deepEqual(last, { counted: 3050, bytes: 3050 * 10 * 1024, window: 3050 });
    restart();
    primary.reset();
    assert.deepEqual(figures(await collect()), last);
    assert.ok(primary.requests <= 2, "nothing is read for the window");
  }));

Deno.test("what changed of jobs that were written before is there after a restart", () =>
  withFile({}, async ({ primary, collect, restart, finish }) => {
    await collect();
    finish(50);
    primary.now += MINUTE;
    await collect();
    primary.change(110, { kilobytes: 30 });
    primary.change(120, { state: "ACTIVE", endTime: 0, tries: 2 });
    primary.now += MINUTE;
    await collect();
    primary.finish(120, { kilobytes: 15 });
    primary.now += MINUTE;
    const last = figures(await collect());
    assert.deepEqual(last, { counted: 51, bytes: (49 * 10 + 30 + 5) * 1024, window: 50 });
    restart();
    assert.deepEqual(figures(await collect()), last);
    // Shown again by a clock that was set, nothing is counted twice.
    primary.setClock(-10 * MINUTE);
    primary.now += MINUTE;
    assert.deepEqual(figures(await collect()).counted, 51);
  }));

Deno.test("records that are not written count as forgotten, however much is appended", () =>
  withFile({ recall: 20 }, async ({ primary, collect, restart, finish }) => {
    await collect();
    for (let poll = 0; poll < 10; poll++) {
      finish(15);
      primary.now += 5 * MINUTE;
      await collect();
      if (poll % 3 === 2) restart();
      assert.equal(figures(await collect()).counted, 15 * (poll + 1));
    }
    assert.equal(figures(await collect()).window, 150);
  }));
