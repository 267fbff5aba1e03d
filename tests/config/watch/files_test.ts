import assert from "node:assert/strict";
import { join } from "node:path";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import { systemEnvironment } from "../../../src/config/file/environment.ts";
import { fingerprint } from "../../../src/config/file/fingerprint.ts";
import { type ConfigWatcher, watchConfig } from "../../../src/config/watch/watch.ts";
import { createRecordingLogger } from "../../testing/recording_logger.ts";
import { skipped, unlessOn } from "../../testing/skipped.ts";
import { until } from "../until.ts";

/** Looks every 50 ms instead of every second, so that the tests need not wait. */
const impatient: Clock = {
  ...systemClock,
  sleep: (milliseconds, signal) => systemClock.sleep(Math.min(milliseconds, 50), signal),
};

interface World {
  readonly folder: string;
  readonly triggers: string[];
  /** Times the files were read. */
  readonly reads: () => number;
  readonly update: ConfigWatcher["update"];
  /** Waits until a comparison of the only file has begun and ended from now on. */
  readonly compared: () => Promise<void>;
}

/** A real folder whose files are watched. */
async function withFolder(
  prepare: (folder: string) => Promise<readonly string[]>,
  work: (world: World) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "nbu_watch_" }));
  try {
    const files = await prepare(folder);
    const triggers: string[] = [];
    let reads = 0;
    const watcher = watchConfig({
      files,
      logger: createRecordingLogger().logger,
      onTrigger: ({ reason }) => {
        triggers.push(reason);
        return Promise.resolve();
      },
      readTextFile: async (path, signal) => {
        reads += 1;
        return await systemEnvironment().readTextFile(path, signal);
      },
      signals: () => () => {},
      clock: impatient,
    });
    await watcher.ready;
    try {
      await work({
        folder,
        triggers,
        reads: () => reads,
        update: (files, fingerprints) => watcher.update(files, fingerprints),
        compared: async () => {
          // There is one file, so when the second comparison has begun, the first has ended.
          const before = reads;
          watcher.update(files);
          await until(() => reads > before, "a comparison");
          const between = reads;
          watcher.update(files);
          await until(() => reads > between, "another comparison");
        },
      });
    } finally {
      await watcher.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const oneFile = async (folder: string): Promise<readonly string[]> => {
  await Deno.writeTextFile(join(folder, "config.yaml"), "first");
  return [join(folder, "config.yaml")];
};

async function makePipe(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assert.ok(success);
}

const triggered = ({ triggers }: World, count: number) =>
  until(() => triggers.length >= count, `${count} triggers`);

const noUnix = skipped("links and signals of the watched files", unlessOn("linux", "darwin"));

/** Registers a test that needs links and signals as Unix has them. */
function onUnix(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: noUnix, fn });
}

Deno.test("watchConfig() sees a file that is overwritten", async () => {
  await withFolder(oneFile, async (world) => {
    await Deno.writeTextFile(join(world.folder, "config.yaml"), "second");
    // On a machine that stalls between truncating and writing there may be one for each.
    await triggered(world, 1);
    assert.equal(world.triggers[0], "file");
  });
});

Deno.test("watchConfig() sees a file that another one is renamed over, every time", async () => {
  await withFolder(oneFile, async (world) => {
    for (const round of [1, 2, 3]) {
      await Deno.writeTextFile(join(world.folder, ".config.yaml.tmp"), `round ${round}`);
      await Deno.rename(join(world.folder, ".config.yaml.tmp"), join(world.folder, "config.yaml"));
      await triggered(world, round);
    }
    await world.compared();
    assert.deepEqual(world.triggers, ["file", "file", "file"]);
  });
});

Deno.test("watchConfig() sees an editor that moves the old file away first", async () => {
  await withFolder(oneFile, async (world) => {
    await Deno.rename(join(world.folder, "config.yaml"), join(world.folder, "config.yaml~"));
    await Deno.writeTextFile(join(world.folder, "config.yaml"), "second");
    await Deno.remove(join(world.folder, "config.yaml~"));
    await triggered(world, 1);
    await Deno.writeTextFile(join(world.folder, "config.yaml"), "third");
    await triggered(world, 2);
  });
});

Deno.test("watchConfig() takes no notice of a file that is touched or replaced by its like", async () => {
  await withFolder(oneFile, async (world) => {
    const file = join(world.folder, "config.yaml");
    const before = world.reads();
    await Deno.utime(file, new Date(), new Date());
    await Deno.chmod(file, 0o600);
    await Deno.writeTextFile(join(world.folder, "new"), "first");
    await Deno.rename(join(world.folder, "new"), file);
    await Deno.writeTextFile(join(world.folder, "neighbour.log"), "a line\n");
    await until(() => world.reads() > before, "a comparison after the events");
    await world.compared();
    assert.deepEqual(world.triggers, []);
  });
});

Deno.test("watchConfig() sees a file that is removed, and one that comes back", async () => {
  await withFolder(oneFile, async (world) => {
    await Deno.remove(join(world.folder, "config.yaml"));
    await triggered(world, 1);
    await Deno.writeTextFile(join(world.folder, "config.yaml"), "first");
    await triggered(world, 2);
  });
});

onUnix("watchConfig() sees Kubernetes swap its ..data link, every time", async () => {
  const version = async (folder: string, name: string) => {
    await Deno.mkdir(join(folder, name));
    await Deno.writeTextFile(join(folder, name, "config.yaml"), name);
  };
  await withFolder(async (folder) => {
    await version(folder, "..v1");
    await Deno.symlink("..v1", join(folder, "..data"));
    await Deno.symlink(join("..data", "config.yaml"), join(folder, "config.yaml"));
    return [join(folder, "config.yaml")];
  }, async (world) => {
    for (const round of [2, 3]) {
      await version(world.folder, `..v${round}`);
      await Deno.symlink(`..v${round}`, join(world.folder, "..data_tmp"));
      await Deno.rename(join(world.folder, "..data_tmp"), join(world.folder, "..data"));
      await Deno.remove(join(world.folder, `..v${round - 1}`), { recursive: true });
      await triggered(world, round - 1);
    }
    await world.compared();
    assert.deepEqual(world.triggers, ["file", "file"]);
  });
});

onUnix(
  "watchConfig() sees a change behind links into other folders, and of the links",
  async () => {
    await withFolder(async (folder) => {
      for (const name of ["etc", "links", "data"]) await Deno.mkdir(join(folder, name));
      await Deno.writeTextFile(join(folder, "data", "real.yaml"), "first");
      await Deno.writeTextFile(join(folder, "data", "other.yaml"), "other");
      await Deno.symlink("../data/real.yaml", join(folder, "links", "middle.yaml"));
      await Deno.symlink("../links/middle.yaml", join(folder, "etc", "config.yaml"));
      return [join(folder, "etc", "config.yaml")];
    }, async (world) => {
      await Deno.writeTextFile(join(world.folder, "data", "real.yaml"), "second");
      await triggered(world, 1);
      await Deno.symlink("../data/other.yaml", join(world.folder, "links", "new"));
      await Deno.rename(
        join(world.folder, "links", "new"),
        join(world.folder, "links", "middle.yaml"),
      );
      await triggered(world, 2);
      await Deno.writeTextFile(join(world.folder, "data", "other.yaml"), "other changed");
      await triggered(world, 3);
    });
  },
);

Deno.test("watchConfig() finds a folder again that was removed and made anew", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "etc"));
    return await oneFile(join(folder, "etc"));
  }, async (world) => {
    const etc = join(world.folder, "etc");
    await Deno.remove(etc, { recursive: true });
    await triggered(world, 1);
    await Deno.mkdir(etc);
    await oneFile(etc);
    await triggered(world, 2);
    await Deno.writeTextFile(join(etc, "config.yaml"), "third");
    await triggered(world, 3);
  });
});

Deno.test("watchConfig() watches several files, and new ones after update()", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "ca.pem"), "ca");
    return [...await oneFile(folder), join(folder, "ca.pem")];
  }, async (world) => {
    await Deno.writeTextFile(join(world.folder, "ca.pem"), "ca changed");
    await triggered(world, 1);
    await Deno.mkdir(join(world.folder, "keys"));
    const key = join(world.folder, "keys", "api-key");
    await Deno.writeTextFile(key, "key");
    const loaded = new Map([[key, await fingerprint("key")]]);
    world.update([join(world.folder, "config.yaml"), key], loaded);
    await Deno.writeTextFile(key, "key changed");
    await triggered(world, 2);
  });
});

onUnix(
  "watchConfig() is not held up by a named pipe, beside the file or in its place",
  async () => {
    await withFolder(oneFile, async (world) => {
      const file = join(world.folder, "config.yaml");
      await makePipe(join(world.folder, "pipe"));
      await Deno.writeTextFile(file, "second");
      await triggered(world, 1);
      await makePipe(join(world.folder, "other"));
      await Deno.rename(join(world.folder, "other"), file);
      await triggered(world, 2);
      await Deno.remove(file);
      await Deno.writeTextFile(file, "third");
      await triggered(world, 3);
    });
  },
);

onUnix("watchConfig() triggers on SIGHUP, and leaves no listener behind", async () => {
  const folder = await Deno.makeTempDir({ prefix: "nbu_watch_" });
  const [file = ""] = await oneFile(folder);
  const triggers: string[] = [];
  const watcher = watchConfig({
    files: [file],
    logger: createRecordingLogger().logger,
    onTrigger: ({ reason }) => {
      triggers.push(reason);
      return Promise.resolve();
    },
  });
  try {
    await watcher.ready;
    Deno.kill(Deno.pid, "SIGHUP");
    await until(() => triggers.length === 1, "a trigger");
    assert.deepEqual(triggers, ["signal"]);
  } finally {
    await watcher.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("watchConfig() leaves nothing behind over many starts and stops", async () => {
  const folder = await Deno.makeTempDir({ prefix: "nbu_watch_" });
  const files = await oneFile(folder);
  for (let round = 0; round < 100; round++) {
    const watcher = watchConfig({
      files,
      logger: createRecordingLogger().logger,
      onTrigger: () => Promise.resolve(),
    });
    if (round % 2 === 0) await watcher.ready;
    await watcher.close();
  }
  await Deno.remove(folder, { recursive: true });
});
