import assert from "node:assert/strict";
import { fingerprint } from "../../../src/config/file/fingerprint.ts";
import {
  type ConfigWatcher,
  type ReloadRequest,
  watchConfig,
  type WatchOptions,
} from "../../../src/config/watch/watch.ts";
import type { FolderWatcher } from "../../../src/config/watch/folders.ts";
import { createFakeClock, type FakeClock } from "../../testing/fake_clock.ts";
import { createRecordingLogger, type LogRecord } from "../../testing/recording_logger.ts";
import { until } from "../until.ts";

const FILE = "/no-such-folder/config.yaml";
const FOLDER = "/no-such-folder";

/** A folder watcher whose events the test makes. */
class FakeFolderWatcher implements FolderWatcher {
  #events: { kind: string }[] = [];
  #wake = Promise.withResolvers<void>();
  closed = false;

  emit(kind: string): void {
    this.#events.push({ kind });
    this.#wake.resolve();
  }

  /** Ends as a watcher does whose folder is unmounted. */
  close(): void {
    this.closed = true;
    this.#wake.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<{ kind: string }> {
    while (true) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers<void>();
      while (this.#events.length > 0) {
        const event = this.#events.shift();
        if (event && !this.closed) yield event;
      }
      if (this.closed) return;
    }
  }
}

interface World {
  readonly clock: FakeClock;
  readonly files: Map<string, string>;
  /** Watchers ever made, by folder. */
  readonly watchers: Map<string, FakeFolderWatcher[]>;
  readonly triggers: string[];
  readonly logs: LogRecord[];
  readonly watcher: ConfigWatcher;
  /** Times the files were read. */
  reads: number;
  watchFailure: Error | undefined;
  behave: (request: ReloadRequest) => Promise<void>;
  subscribed: boolean;
  signal(): void;
  emit(kind?: string, folder?: string): void;
  /** Waits until the watcher sleeps again. */
  idle(): Promise<void>;
}

async function withWatcher(
  work: (world: World) => Promise<void>,
  options: Partial<WatchOptions> = {},
  prepare: (world: Pick<World, "watchFailure">) => void = () => {},
): Promise<void> {
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  let onSignal = () => {};
  const files = new Map([[FILE, "first"]]);
  const world: Omit<World, "watcher"> = {
    clock,
    files,
    watchers: new Map(),
    triggers: [],
    logs: records,
    reads: 0,
    watchFailure: undefined,
    behave: () => Promise.resolve(),
    subscribed: false,
    signal: () => onSignal(),
    emit: (kind = "modify", folder = FOLDER) => world.watchers.get(folder)?.at(-1)?.emit(kind),
    idle: () => until(() => clock.pending === 1, "the watcher to sleep"),
  };
  prepare(world);
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
      const content = files.get(path);
      return content === undefined
        ? Promise.reject(new Deno.errors.NotFound(path))
        : Promise.resolve(content);
    },
    watchFs: (folder) => {
      if (world.watchFailure) throw world.watchFailure;
      const made = new FakeFolderWatcher();
      world.watchers.set(folder, [...world.watchers.get(folder) ?? [], made]);
      return made;
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

/** Lets the pending debounce run out, and waits for the comparison that follows. */
async function debounce(world: World): Promise<void> {
  await sleeping(world, 250);
  const before = world.reads;
  await world.clock.advance(250);
  await until(() => world.reads > before, "the files to be compared");
}

/** Waits until the newest sleep is one of this length. */
function sleeping({ clock }: World, milliseconds: number): Promise<void> {
  return until(
    () => clock.pending === 1 && clock.sleeps.at(-1) === milliseconds,
    `a sleep of ${milliseconds} ms`,
  );
}

Deno.test("watchConfig() triggers 250 ms after a change of content", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.files.set(FILE, "second");
    world.emit();
    await sleeping(world, 250);
    await world.clock.advance(249);
    assert.deepEqual(world.triggers, []);
    await world.clock.advance(1);
    await until(() => world.triggers.length > 0, "a trigger");
    await world.idle();
    assert.deepEqual(world.triggers, ["file"]);
  });
});

Deno.test("watchConfig() does not trigger when the content is the same", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.emit();
    await debounce(world);
    await sleeping(world, 60_000);
    assert.deepEqual(world.triggers, []);
  });
});

Deno.test("watchConfig() takes no notice of mere reading", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    const { reads } = world;
    world.emit("access");
    world.emit("access");
    await world.clock.advance(5000);
    assert.equal(world.reads, reads);
  });
});

Deno.test("watchConfig() waits for quiet, but not longer than 2 s", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    const start = world.clock.monotonic();
    const { reads } = world;
    world.files.set(FILE, "second");
    world.emit();
    await sleeping(world, 250);
    while (world.reads === reads) {
      await world.clock.advance(100);
      if (world.reads === reads) world.emit();
      await until(() => world.reads > reads || world.clock.pending === 1, "the next wait");
    }
    const waited = world.clock.monotonic() - start;
    assert.ok(waited >= 1900 && waited <= 2100, `${waited}`);
    await until(() => world.triggers.length === 1, "a trigger");
  });
});

Deno.test("watchConfig() triggers on a signal at once, changed or not", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.signal();
    await until(() => world.triggers.length === 1, "a trigger");
    await sleeping(world, 60_000);
    assert.deepEqual(world.triggers, ["signal"]);
  });
});

Deno.test("watchConfig() lets a signal end the wait for quiet, and does not trigger twice", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.files.set(FILE, "second");
    world.emit();
    await sleeping(world, 250);
    world.signal();
    await until(() => world.triggers.length === 1, "a trigger");
    world.emit();
    await debounce(world);
    await sleeping(world, 60_000);
    assert.deepEqual(world.triggers, ["signal"]);
  });
});

Deno.test("watchConfig() never triggers twice at the same time, and makes one of many", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
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
    world.files.set(FILE, "second");
    world.emit();
    world.signal();
    await world.clock.advance(10_000);
    assert.deepEqual(world.triggers, ["signal"]);
    first.resolve();
    await until(() => world.triggers.length === 2, "the second trigger");
    await sleeping(world, 60_000);
    assert.deepEqual(world.triggers, ["signal", "signal"]);
    assert.equal(most, 1);
  });
});

Deno.test("watchConfig() sees a change that comes while a trigger runs", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.behave = () => {
      if (world.triggers.length === 1) {
        world.files.set(FILE, "third");
        world.emit();
      }
      return Promise.resolve();
    };
    world.files.set(FILE, "second");
    world.emit();
    await debounce(world);
    await until(() => world.triggers.length === 1, "the first trigger");
    await debounce(world);
    await until(() => world.triggers.length === 2, "the second trigger");
  });
});

Deno.test("watchConfig() goes on after a trigger that failed", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.behave = () => Promise.reject(new Error("no reload today"));
    world.signal();
    await until(() => world.triggers.length === 1, "a trigger");
    await sleeping(world, 60_000);
    assert.equal(world.logs.filter(({ level }) => level === "error").length, 1);
    world.signal();
    await until(() => world.triggers.length === 2, "another trigger");
  });
});

Deno.test("watchConfig() does not trigger for a file that is away for a moment", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.files.delete(FILE);
    world.emit("remove");
    await debounce(world);
    await sleeping(world, 250);
    world.files.set(FILE, "first");
    await world.clock.advance(250);
    await sleeping(world, 60_000);
    assert.deepEqual(world.triggers, []);
  });
});

Deno.test("watchConfig() triggers once for a file that stays away, and again when it is back", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.files.delete(FILE);
    world.emit("remove");
    await debounce(world);
    await sleeping(world, 250);
    assert.deepEqual(world.triggers, []);
    await world.clock.advance(250);
    await until(() => world.triggers.length === 1, "a trigger");
    await sleeping(world, 60_000);
    world.emit();
    await debounce(world);
    await sleeping(world, 60_000);
    assert.deepEqual(world.triggers, ["file"]);
    world.files.set(FILE, "first");
    world.emit("create");
    await debounce(world);
    await until(() => world.triggers.length === 2, "a second trigger");
  });
});

Deno.test("watchConfig() compares every 10 s where watching fails, until it works again", async () => {
  await withWatcher(
    async (world) => {
      await sleeping(world, 10_000);
      assert.deepEqual(world.logs.map(({ level }) => level), ["warn"]);
      assert.equal(world.logs[0]?.fields.folder, FOLDER);
      world.files.set(FILE, "second");
      await world.clock.advance(10_000);
      await until(() => world.triggers.length === 1, "a trigger");
      await sleeping(world, 10_000);
      assert.equal(world.logs.length, 1);
      world.watchFailure = undefined;
      await world.clock.advance(10_000);
      await sleeping(world, 60_000);
      assert.deepEqual(world.logs.map(({ level }) => level), ["warn", "info"]);
      world.files.set(FILE, "third");
      world.emit();
      await debounce(world);
      await until(() => world.triggers.length === 2, "a second trigger");
    },
    {},
    (world) => world.watchFailure = new Error("out of watches"),
  );
});

Deno.test("watchConfig() forgets a folder it could not watch once no file is there", async () => {
  await withWatcher(
    async (world) => {
      await sleeping(world, 10_000);
      world.watchFailure = undefined;
      const other = "/other-folder/config.yaml";
      world.files.set(other, "other");
      world.watcher.update([other]);
      await debounce(world);
      await sleeping(world, 60_000);
      assert.deepEqual(world.logs.map(({ level }) => level), ["warn"]);
    },
    {},
    (world) => world.watchFailure = new Error("out of watches"),
  );
});

Deno.test("watchConfig() notices a watcher that ends by itself", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.watchFailure = new Error("gone");
    world.watchers.get(FOLDER)?.at(-1)?.close();
    await debounce(world);
    await sleeping(world, 10_000);
    assert.deepEqual(world.logs.map(({ level }) => level), ["warn"]);
  });
});

Deno.test("watchConfig() compares now and then even where watching works", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    world.files.set(FILE, "second");
    await world.clock.advance(60_000);
    await until(() => world.triggers.length === 1, "a trigger");
  });
});

Deno.test("watchConfig() watches other folders after update(), and the old ones no more", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    const other = "/other-folder/config.yaml";
    world.files.set(other, "other");
    world.watcher.update([other]);
    await debounce(world);
    await sleeping(world, 60_000);
    assert.deepEqual(world.triggers, []);
    assert.equal(world.watchers.get(FOLDER)?.[0]?.closed, true);
    world.files.set(FILE, "second");
    world.files.set(other, "changed");
    world.emit("modify", "/other-folder");
    await debounce(world);
    await until(() => world.triggers.length === 1, "a trigger");
  });
});

Deno.test("watchConfig() triggers when a file is not what was loaded", async () => {
  const fingerprints = new Map([[FILE, await fingerprint("what was loaded")]]);
  await withWatcher(async (world) => {
    await until(() => world.triggers.length === 1, "a trigger");
    world.watcher.update([FILE], new Map([[FILE, await fingerprint("first")]]));
    await debounce(world);
    await sleeping(world, 60_000);
    assert.deepEqual(world.triggers, ["file"]);
  }, { fingerprints });
});

Deno.test("close() stops everything, and can be called twice", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
    assert.equal(world.subscribed, true);
    await world.watcher.close();
    await world.watcher.close();
    assert.equal(world.subscribed, false);
    assert.equal(world.clock.pending, 0);
    assert.ok([...world.watchers.values()].flat().every(({ closed }) => closed));
    world.watcher.update([]);
    world.signal();
    await world.clock.advance(100_000);
    assert.deepEqual(world.triggers, []);
  });
});

Deno.test("close() does not wait for a trigger that runs, so that one may call it", async () => {
  await withWatcher(async (world) => {
    await sleeping(world, 60_000);
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
  for (const delay of [0, 1, 250, 300]) {
    await withWatcher(async (world) => {
      world.files.set(FILE, "second");
      world.emit();
      await world.clock.advance(delay);
      await world.watcher.close();
      assert.equal(world.clock.pending, 0);
    });
  }
});
