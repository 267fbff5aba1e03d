import assert from "node:assert/strict";
import { join } from "node:path";
import { openStateDirectory } from "../../src/state/directory.ts";
import {
  CheckpointNotWrittenError,
  StateDirectoryError,
  StateDirectoryLockedError,
} from "../../src/state/errors.ts";
import { fileNameOf } from "../../src/state/file_name.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

const sections = (count: number) => ({ ledger: { version: 1, content: { count } } });
const loadedFrom = (count: number, stale = false) => ({ sections: sections(count), stale });
const owner = { site: "a", primary: "https://nbu:1556/netbackup" };

async function withDirectory(
  use: (directory: string, log: ReturnType<typeof createRecordingLogger>) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await use(join(directory, "state"), createRecordingLogger());
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function open(directory: string, log: ReturnType<typeof createRecordingLogger>) {
  return openStateDirectory({ directory, clock: createFakeClock(), logger: log.logger });
}

Deno.test("a checkpoint gives back what was saved last, after a restart too", () =>
  withDirectory(async (directory, log) => {
    const first = await open(directory, log);
    const checkpoint = first.checkpoint(owner);
    assert.equal(await checkpoint.load(), undefined);
    await Promise.all([checkpoint.save(sections(1)), checkpoint.save(sections(2))]);
    first.close();
    const second = await open(directory, log);
    const loaded = second.checkpoint(owner);
    assert.deepEqual(await loaded.load(), loadedFrom(2));
    const { mtime } = await Deno.stat(join(directory, fileNameOf("a")));
    assert.equal(loaded.writtenAtMs, mtime?.getTime());
    second.close();
    assert.deepEqual(log.records, []);
  }));

Deno.test("a checkpoint leaves no temporary file, and is readable by its owner only", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    await state.checkpoint(owner).save(sections(1));
    state.close();
    const names = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
    assert.deepEqual(names, [fileNameOf("a"), "lock"].sort());
    const { mode } = await Deno.stat(join(directory, fileNameOf("a")));
    assert.equal((mode ?? 0) & 0o077, 0);
  }));

Deno.test("the checkpoints of a site by kind are files of their own", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    await state.checkpoint(owner).save(sections(1));
    await state.checkpoint(owner, "runs").save(sections(2));
    assert.deepEqual(await state.checkpoint(owner, "state").load(), loadedFrom(1));
    assert.deepEqual(await state.checkpoint(owner, "runs").load(), loadedFrom(2));
    state.close();
  }));

Deno.test("a save that fails sets the last checkpoint aside as stale until one works", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    const checkpoint = state.checkpoint(owner);
    await checkpoint.save(sections(1));
    const inTheWay = join(directory, `${fileNameOf("a")}.tmp`);
    await Deno.mkdir(inTheWay);
    for (let time = 0; time < 2; time++) {
      await assert.rejects(checkpoint.save(sections(2)), (error) => {
        assert.ok(error instanceof CheckpointNotWrittenError);
        return error.setAside;
      });
    }
    assert.deepEqual(await checkpoint.load(), loadedFrom(1, true));
    await Deno.remove(inTheWay);
    await checkpoint.save(sections(3));
    assert.deepEqual(await checkpoint.load(), loadedFrom(3));
    const names = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
    assert.deepEqual(names, [fileNameOf("a"), "lock"].sort());
    state.close();
  }));

Deno.test("a save that fails says when the last checkpoint cannot be set aside either", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    const checkpoint = state.checkpoint(owner);
    await checkpoint.save(sections(1));
    await Deno.mkdir(join(directory, `${fileNameOf("a")}.tmp`));
    await Deno.mkdir(join(directory, `${fileNameOf("a")}.stale`));
    await assert.rejects(checkpoint.save(sections(2)), (error) => {
      assert.ok(error instanceof CheckpointNotWrittenError);
      return !error.setAside;
    });
    assert.deepEqual(await checkpoint.load(), loadedFrom(1));
    state.close();
  }));

Deno.test("a save that fails where there is no checkpoint leaves none to go back to", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    await Deno.mkdir(join(directory, `${fileNameOf("a")}.tmp`));
    await assert.rejects(state.checkpoint(owner).save(sections(1)), { setAside: true });
    state.close();
  }));

Deno.test("a checkpoint put aside as newer is used again by the version that wrote it", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    await state.checkpoint(owner).save(sections(1));
    const path = join(directory, fileNameOf("a"));
    await Deno.rename(path, `${path}.newer-2026-01-01T00-00-00-000Z`);
    assert.deepEqual(await state.checkpoint(owner).load(), loadedFrom(1));
    assert.deepEqual(log.records.map(({ level }) => level), ["info"]);
    assert.deepEqual(await state.checkpoint(owner).load(), loadedFrom(1), "in its place again");
    state.close();
  }));

Deno.test("a state directory is held although its lock file is deleted", () =>
  withDirectory(async (directory, log) => {
    const first = await open(directory, log);
    await Deno.remove(join(directory, "lock"));
    await assert.rejects(open(directory, log), StateDirectoryLockedError);
    first.close();
    (await open(directory, log)).close();
  }));

/** Damages the file of a saved checkpoint, and tells what `load()` makes of it. */
async function afterDamage(
  damage: (file: Uint8Array) => Uint8Array,
  reader = owner,
): Promise<{ reason: unknown; names: string[]; loaded: unknown }> {
  let outcome = { reason: undefined as unknown, names: [] as string[], loaded: undefined };
  await withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    await state.checkpoint(owner).save(sections(123456));
    const path = join(directory, fileNameOf("a"));
    await Deno.writeFile(path, damage(await Deno.readFile(path)));
    const loaded = await state.checkpoint(reader).load();
    assert.deepEqual(log.records.map(({ level }) => level), ["error"]);
    const { reason, moved_to } = log.records[0]?.fields ?? {};
    const names = [...Deno.readDirSync(directory)].map(({ name }) => name);
    assert.ok(!names.includes(fileNameOf("a")), "the file is out of the way");
    assert.ok(names.some((name) => String(moved_to).endsWith(name)));
    // Nothing keeps the exporter from beginning anew.
    await state.checkpoint(reader).save(sections(1));
    assert.deepEqual(await state.checkpoint(reader).load(), loadedFrom(1));
    state.close();
    outcome = { reason, names, loaded: loaded as undefined };
  });
  return outcome;
}

const text = (change: (text: string) => string) => (file: Uint8Array) =>
  new TextEncoder().encode(change(new TextDecoder().decode(file)));

Deno.test("a damaged checkpoint is put aside, said so as an error, and not used", async () => {
  const damages: Record<string, (file: Uint8Array) => Uint8Array> = {
    empty: () => new Uint8Array(),
    "cut short": (file) => file.subarray(0, file.length - 3),
    "without content": (file) => file.subarray(0, file.indexOf(10) + 1),
    "one digit changed": text((text) => text.replace("123456", "123457")),
    "something else": text(() => "site: a\n"),
    zeros: (file) => file.map(() => 0),
  };
  for (const [name, damage] of Object.entries(damages)) {
    const { reason, loaded, names } = await afterDamage(damage);
    assert.equal(reason, "damaged", name);
    assert.equal(loaded, undefined, name);
    assert.ok(names.some((file) => file.includes(".damaged-2026-01-01T")), name);
  }
});

/** A checkpoint to which two changes were appended, its file, and the sizes it had. */
async function withAppended(
  use: (
    file: { readonly path: string; readonly sizes: readonly number[] },
    load: () => Promise<unknown>,
    log: ReturnType<typeof createRecordingLogger>,
  ) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    const checkpoint = state.checkpoint(owner);
    const path = join(directory, fileNameOf("a"));
    const sizes: number[] = [];
    const note = async () => void sizes.push((await Deno.stat(path)).size);
    assert.equal(checkpoint.appendable, false, "there is nothing to append to");
    await checkpoint.save({ ...sections(1), clients: { version: 1, content: "b" } });
    await note();
    assert.equal(checkpoint.appendable, true);
    for (const count of [2, 3]) {
      const ledger = { version: 1, content: { count }, partial: true } as const;
      const changed = { ledger, clients: { version: 1, content: `c${count}` } };
      assert.equal(await checkpoint.append(changed), true);
      await note();
    }
    await use({ path, sizes }, () => state.checkpoint(owner).load(), log);
    state.close();
  });
}

const appended = (...counts: number[]) => ({
  sections: {
    ledger: {
      ...{ version: 1, content: { count: 1 } },
      ...(counts.length > 0 && { changes: counts.map((count) => ({ count })) }),
    },
    clients: { version: 1, content: counts.length === 0 ? "b" : `c${counts.at(-1)}` },
  },
  stale: false,
});

Deno.test("what was appended to a checkpoint is given back with it: parts with their whole, others instead of it", () =>
  withAppended(async (_file, load, log) => {
    assert.deepEqual(await load(), appended(2, 3));
    assert.deepEqual(log.records, []);
  }));

Deno.test("a change that was not appended completely is left out, wherever it ends", () =>
  withAppended(async ({ path, sizes: [saved = 0, first = 0, second = 0] }, load, log) => {
    const whole = await Deno.readFile(path);
    for (let size = second - 1; size >= saved; size -= size > second - 20 ? 1 : 7) {
      await Deno.writeFile(path, whole.subarray(0, size));
      assert.deepEqual(await load(), size < first ? appended() : appended(2), `${size} bytes`);
    }
    // A system that lost its power may have made the file longer, and written nothing there.
    await Deno.writeFile(path, whole.map((byte, index) => index < first ? byte : 0));
    assert.deepEqual(await load(), appended(2));
    assert.ok(log.records.every(({ level }) => level === "info"));
  }));

Deno.test("a checkpoint is damaged where something lies behind a change that does not match its checksum", () =>
  withAppended(async ({ path, sizes: [, first = 0] }, load, log) => {
    const file = await Deno.readFile(path);
    file[first - 5] = 0x20;
    await Deno.writeFile(path, file);
    assert.equal(await load(), undefined);
    assert.equal(log.records[0]?.fields["reason"], "damaged");
  }));

Deno.test("a checkpoint of an earlier version is read", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    await state.checkpoint(owner).save(sections(1));
    const path = join(directory, fileNameOf("a"));
    const file = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, file.replace('"version":3', '"version":2'));
    assert.deepEqual(await state.checkpoint(owner).load(), loadedFrom(1));
    state.close();
  }));

Deno.test("a checkpoint of an earlier version is damaged when it is longer than it was", async () => {
  const { reason } = await afterDamage(
    text((text) => `${text.replace('"version":3', '"version":2')}x`),
  );
  assert.equal(reason, "damaged");
});

Deno.test("nothing is appended to a file that this process has not written, or not left so", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    const checkpoint = state.checkpoint(owner);
    const path = join(directory, fileNameOf("a"));
    await checkpoint.save(sections(1));
    const other = state.checkpoint(owner);
    await other.load();
    assert.equal(other.appendable, false);
    assert.equal(await other.append(sections(2)), false);
    await Deno.writeTextFile(path, "x", { append: true });
    assert.equal(await checkpoint.append(sections(2)), false, "it is longer");
    assert.equal(checkpoint.appendable, false, "all is to be saved once more");
    await checkpoint.save(sections(3));
    await Deno.remove(path);
    assert.equal(await checkpoint.append(sections(4)), false, "it is gone");
    assert.deepEqual(log.records, []);
    state.close();
  }));

Deno.test("a change that cannot be appended sets the checkpoint aside as stale, with what was appended before", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    const checkpoint = state.checkpoint(owner);
    const path = join(directory, fileNameOf("a"));
    await checkpoint.save(sections(1));
    assert.equal(await checkpoint.append(sections(2)), true);
    await Deno.rename(path, `${path}.aside`);
    await Deno.mkdir(path);
    await assert.rejects(checkpoint.append(sections(3)), { setAside: true });
    await Deno.remove(`${path}.stale`);
    await Deno.rename(`${path}.aside`, `${path}.stale`);
    assert.deepEqual(await state.checkpoint(owner).load(), loadedFrom(2, true));
    await checkpoint.save(sections(4));
    assert.deepEqual(await state.checkpoint(owner).load(), loadedFrom(4));
    state.close();
  }));

Deno.test("a checkpoint is saved as a whole again once as much was appended to it as it holds", () =>
  withDirectory(async (directory, log) => {
    const state = await open(directory, log);
    const checkpoint = state.checkpoint(owner);
    const content = "x".repeat(3_000_000);
    await checkpoint.save({ ledger: { version: 1, content } });
    const changed = { ledger: { version: 1, content: content.slice(0, 1_000_000) } };
    let times = 0;
    while (checkpoint.appendable) {
      assert.equal(await checkpoint.append(changed), true);
      times++;
    }
    assert.equal(times, 3);
    state.close();
  }));

Deno.test("a checkpoint of a later version is put aside as newer, not overwritten", async () => {
  const { reason, loaded, names } = await afterDamage(
    text((text) => text.replace('"version":3', '"version":4')),
  );
  assert.equal(reason, "newer");
  assert.equal(loaded, undefined);
  assert.ok(names.some((name) => name.includes(".newer-")));
});

Deno.test("a primary at another address does not inherit the checkpoint of its site", async () => {
  const other = { ...owner, primary: "https://other:1556/netbackup" };
  const { reason, loaded } = await afterDamage((file) => file, other);
  assert.equal(reason, "other-primary");
  assert.equal(loaded, undefined);
});

Deno.test("a state directory is refused to a second process, and free when the first is killed", () =>
  withDirectory(async (directory, log) => {
    const module = new URL("../../src/state/directory.ts", import.meta.url).href;
    const script = `
      import { openStateDirectory } from ${JSON.stringify(module)};
      const logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => logger };
      const directory = ${JSON.stringify(directory)};
      await openStateDirectory({ directory, logger, clock: { now: () => 0 } });
      console.log("held");
      setInterval(() => {}, 1000);
    `;
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const path = join(directory, "..", "holder.ts");
    await Deno.writeTextFile(path, script);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "-A", `--config=${config}`, path],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    await assert.rejects(open(directory, log), (error) => {
      assert.ok(error instanceof StateDirectoryLockedError);
      assert.match(error.message, /another process uses it/);
      assert.ok(error.message.includes(directory));
      return true;
    });
    child.kill("SIGKILL");
    await reader.cancel();
    await child.status;
    (await open(directory, log)).close();
  }));

Deno.test("a state directory that cannot be made is an error that names it", () =>
  withDirectory(async (directory, log) => {
    await Deno.writeTextFile(directory, "a file");
    await assert.rejects(open(directory, log), (error) => {
      assert.ok(error instanceof StateDirectoryError && error.cause !== undefined);
      assert.ok(error.message.includes(directory));
      return true;
    });
  }));

Deno.test("fileNameOf() gives every site a safe name of its own", () => {
  const sites = ["a", "A", "a/b", "a-b", "../a", "", "ä", "a\n", ".".repeat(300), "a b", "a%2Fb"];
  const names = sites.map((site) => fileNameOf(site));
  assert.equal(new Set(names.map((name) => name.toLowerCase())).size, sites.length);
  for (const name of names) assert.match(name, /^[a-z0-9-]{0,40}\.[0-9a-f]{24}\.state$/);
  assert.match(fileNameOf("a", "runs"), /^a\.[0-9a-f]{24}\.runs$/);
});
