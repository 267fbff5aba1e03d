import assert from "node:assert/strict";
import { fingerprint } from "../../../src/config/file/fingerprint.ts";
import {
  type ConfigWatcher,
  type ReloadRequest,
  watchConfig,
  type WatchOptions,
} from "../../../src/config/watch/watch.ts";
import { createFakeClock, type FakeClock } from "../../testing/fake_clock.ts";
import { createRecordingLogger, type LogRecord } from "../../testing/recording_logger.ts";
import { until } from "../until.ts";

const FILE = "/no-such-folder/config.yaml";
const POLL = 1000;
const SETTLE = 250;

interface World {
  readonly clock: FakeClock;
  readonly triggers: string[];
  readonly logs: LogRecord[];
  readonly watcher: ConfigWatcher;
  /** Times the files were read. */
  reads: number;
  /** Times the system was asked about a file. */
  stats: number;
  /** What a question about a file waits for. */
  hang: Promise<void>;
  behave: (request: ReloadRequest) => Promise<void>;
  subscribed: boolean;
  signal(): void;
  /** Writes a file; undefined removes it. */
  write(content: string | undefined, file?: string): void;
  /** Changes the content but nothing that the system tells of the file. */
  writeUnseen(content: string): void;
}

async function withWatcher(
  work: (world: World) => Promise<void>,
  options: Partial<WatchOptions> = {},
): Promise<void> {
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  let onSignal = () => {};
  const files = new Map([[FILE, { content: "first", revision: 1 }]]);
  let revision = 1;
  const world: Omit<World, "watcher"> = {
    clock,
    triggers: [],
    logs: records,
    reads: 0,
    stats: 0,
    hang: Promise.resolve(),
    behave: () => Promise.resolve(),
    subscribed: false,
    signal: () => onSignal(),
    write: (content, file = FILE) => {
      revision += 1;
      if (content === undefined) files.delete(file);
      else files.set(file, { content, revision });
    },
    writeUnseen: (content) => {
      files.set(FILE, { content, revision: files.get(FILE)?.revision ?? 0 });
    },
  };
  const watcher = watchConfig({
    files: [FILE],
    logger,
    clock,
    onTrigger: (request) => {
      world.triggers.push(request.reason);
      return world.behave(request);
    },
    readTextFile: (path) => {
      world.reads += 1;
      const file = files.get(path);
      return file ? Promise.resolve(file.content) : Promise.reject(new Deno.errors.NotFound(path));
    },
    stat: async (path) => {
      world.stats += 1;
      await world.hang;
      const file = files.get(path);
      if (!file) throw new Deno.errors.NotFound(path);
      const time = new Date(file.revision);
      return { isFile: true, dev: 1, ino: 1, size: 1, mtime: time, ctime: time };
    },
    signals: (listener) => {
      onSignal = listener;
      world.subscribed = true;
      return () => {
        world.subscribed = false;
      };
    },
    ...options,
  });
  await watcher.ready;
  try {
    await work(Object.assign(world, { watcher }));
  } finally {
    await watcher.close();
  }
}

/** Waits until the newest sleep is one of this length. */
function sleeping({ clock }: World, milliseconds: number): Promise<void> {
  return until(
    () => clock.pending === 1 && clock.sleeps.at(-1) === milliseconds,
    `a sleep of ${milliseconds} ms`,
  );
}

/** Lets the wait until the next look pass. */
async function poll(world: World): Promise<void> {
  await sleeping(world, POLL);
  const before = world.stats;
  await world.clock.advance(POLL);
  await until(() => world.stats > before, "a look at the files");
}

/** Lets a look pass that sees a change, and the wait until things have settled. */
async function pollAndSettle(world: World): Promise<void> {
  await poll(world);
  await sleeping(world, SETTLE);
  const before = world.reads;
  await world.clock.advance(SETTLE);
  await until(() => world.reads > before, "the files to be read");
}

const triggered = (world: World, count: number) =>
  until(() => world.triggers.length >= count, `${count} triggers`);

Deno.test("watchConfig() triggers within 1.25 s of a change of content", async () => {
  await withWatcher(async (world) => {
    await poll(world);
    await sleeping(world, POLL);
    world.write("second");
    await world.clock.advance(POLL);
    await sleeping(world, SETTLE);
    await world.clock.advance(SETTLE - 1);
    assert.deepEqual(world.triggers, []);
    await world.clock.advance(1);
    await triggered(world, 1);
    await sleeping(world, POLL);
    assert.deepEqual(world.triggers, ["file"]);
  });
});

Deno.test("watchConfig() does not trigger when the content is the same", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    world.write("first");
    await pollAndSettle(world);
    await sleeping(world, POLL);
    assert.deepEqual(world.triggers, []);
  });
});

Deno.test("watchConfig() reads no file about which the system says nothing new", async () => {
  await withWatcher(async (world) => {
    // The first look, and once more for what came within the same tick of the file system's clock.
    await poll(world);
    await sleeping(world, POLL);
    const { reads } = world;
    for (let look = 0; look < 20; look++) await poll(world);
    assert.equal(world.reads, reads);
  });
});

Deno.test("watchConfig() sees a second change that looks like the first, at the next look", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    world.write("second");
    await pollAndSettle(world);
    await triggered(world, 1);
    world.writeUnseen("third");
    await poll(world);
    await triggered(world, 2);
  });
});

Deno.test("watchConfig() compares once a minute whatever the system says", async () => {
  await withWatcher(async (world) => {
    await poll(world);
    await sleeping(world, POLL);
    world.writeUnseen("second");
    for (let look = 0; look < 60; look++) await poll(world);
    await triggered(world, 1);
  });
});

Deno.test("watchConfig() waits while a file goes on changing, but not longer than 2 s", async () => {
  await withWatcher(async (world) => {
    await poll(world);
    await sleeping(world, POLL);
    const { reads } = world;
    world.write("second");
    await world.clock.advance(POLL);
    await sleeping(world, SETTLE);
    const start = world.clock.monotonic();
    let round = 0;
    while (world.reads === reads) {
      world.write(`round ${round++}`);
      await world.clock.advance(SETTLE);
      await until(
        () => world.reads > reads || world.clock.pending === 1,
        "the next wait or the end of it",
      );
    }
    const waited = world.clock.monotonic() - start;
    assert.ok(waited >= 1900 && waited <= 2300, `${waited}`);
    await triggered(world, 1);
  });
});

Deno.test("watchConfig() triggers on a signal at once, changed or not", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    world.signal();
    await triggered(world, 1);
    await sleeping(world, POLL);
    assert.deepEqual(world.triggers, ["signal"]);
  });
});

Deno.test("watchConfig() lets a signal end the wait, and does not trigger twice", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    world.write("second");
    await world.clock.advance(POLL);
    await sleeping(world, SETTLE);
    world.signal();
    await triggered(world, 1);
    await poll(world);
    await poll(world);
    assert.deepEqual(world.triggers, ["signal"]);
  });
});

Deno.test("watchConfig() never triggers twice at the same time, and makes one of many", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    const first = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    world.behave = async () => {
      running += 1;
      most = Math.max(most, running);
      if (world.triggers.length === 1) await first.promise;
      running -= 1;
    };
    world.signal();
    await until(() => running === 1, "the first trigger");
    world.signal();
    world.signal();
    world.write("second");
    world.signal();
    await world.clock.advance(10_000);
    assert.deepEqual(world.triggers, ["signal"]);
    first.resolve();
    await triggered(world, 2);
    await poll(world);
    await poll(world);
    assert.deepEqual(world.triggers, ["signal", "signal"]);
    assert.equal(most, 1);
  });
});

Deno.test("watchConfig() sees a change that comes while a trigger runs", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    world.behave = () => {
      if (world.triggers.length === 1) world.write("third");
      return Promise.resolve();
    };
    world.write("second");
    await pollAndSettle(world);
    await triggered(world, 1);
    await pollAndSettle(world);
    await triggered(world, 2);
  });
});

Deno.test("watchConfig() goes on after a trigger that failed", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    world.behave = () => Promise.reject(new Error("no reload today"));
    world.signal();
    await triggered(world, 1);
    await sleeping(world, POLL);
    assert.equal(world.logs.filter(({ level }) => level === "error").length, 1);
    world.signal();
    await triggered(world, 2);
  });
});

Deno.test("watchConfig() does not trigger for a file that is away for a moment", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    world.write(undefined);
    await poll(world);
    await sleeping(world, SETTLE);
    world.write("first");
    await world.clock.advance(SETTLE);
    await sleeping(world, SETTLE);
    await world.clock.advance(SETTLE);
    await sleeping(world, POLL);
    assert.deepEqual(world.triggers, []);
  });
});

Deno.test("watchConfig() triggers once for a file that stays away, and again when it is back", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    world.write(undefined);
    await pollAndSettle(world);
    await triggered(world, 1);
    await poll(world);
    await poll(world);
    assert.deepEqual(world.triggers, ["file"]);
    await sleeping(world, POLL);
    world.write("first");
    await pollAndSettle(world);
    await triggered(world, 2);
  });
});

Deno.test("watchConfig() watches other files after update(), and the old ones no more", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    const other = "/other-folder/config.yaml";
    world.write("other", other);
    world.watcher.update([other]);
    await pollAndSettle(world);
    await sleeping(world, POLL);
    assert.deepEqual(world.triggers, []);
    world.write("second");
    await poll(world);
    await sleeping(world, POLL);
    assert.deepEqual(world.triggers, []);
    world.write("changed", other);
    await pollAndSettle(world);
    await triggered(world, 1);
  });
});

Deno.test("watchConfig() triggers when a file is not what was loaded", async () => {
  const fingerprints = new Map([[FILE, await fingerprint("what was loaded")]]);
  await withWatcher(async (world) => {
    await triggered(world, 1);
    world.watcher.update([FILE], new Map([[FILE, await fingerprint("first")]]));
    await pollAndSettle(world);
    await sleeping(world, POLL);
    assert.deepEqual(world.triggers, ["file"]);
  }, { fingerprints });
});

Deno.test("watchConfig() does not ask again while a call to the system hangs", async () => {
  await withWatcher(async (world) => {
    await poll(world);
    await sleeping(world, POLL);
    const returned = Promise.withResolvers<void>();
    world.hang = returned.promise;
    world.write("second");
    const before = world.stats;
    await world.clock.advance(POLL);
    await until(() => world.stats === before + 1, "the question");
    await world.clock.advance(60_000);
    assert.equal(world.stats, before + 1);
    returned.resolve();
    await sleeping(world, SETTLE);
    await world.clock.advance(SETTLE);
    await triggered(world, 1);
  });
});

Deno.test("close() does not wait for a call that hangs", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    world.hang = new Promise(() => {});
    const before = world.stats;
    await world.clock.advance(POLL);
    await until(() => world.stats > before, "the question");
    await world.watcher.close();
  });
});

Deno.test("close() stops everything, and can be called twice", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    assert.equal(world.subscribed, true);
    await world.watcher.close();
    await world.watcher.close();
    assert.equal(world.subscribed, false);
    assert.equal(world.clock.pending, 0);
    const { stats } = world;
    world.watcher.update([]);
    world.signal();
    await world.clock.advance(100_000);
    assert.deepEqual(world.triggers, []);
    assert.equal(world.stats, stats);
  });
});

Deno.test("close() does not wait for a trigger that runs, so that one may call it", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, POLL);
    const blocked = Promise.withResolvers<void>();
    world.behave = async () => {
      await world.watcher.close();
      await blocked.promise;
    };
    world.signal();
    await until(() => !world.subscribed, "the trigger to close the watcher");
    await world.watcher.close();
    blocked.resolve();
  });
});

Deno.test("close() works at any time", async () => {
  for (const delay of [0, 1, 1000, 1250]) {
    await withWatcher(async (world) => {
      world.write("second");
      await world.clock.advance(delay);
      await world.watcher.close();
      assert.equal(world.clock.pending, 0);
    });
  }
});
