import assert from "node:assert/strict";
import { join } from "node:path";
import { systemEnvironment } from "../../../src/config/file/environment.ts";
import {
  type FileSystem,
  readRegularFile,
  UnusableFileError,
} from "../../../src/config/file/regular_file.ts";
import { skipped, unlessOn } from "../../testing/skipped.ts";

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "nbu_read_" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A file system on which no call ever returns. */
const hung: FileSystem = {
  stat: () => new Promise(() => {}),
  open: () => new Promise(() => {}),
};

function refused(path: string, message: RegExp, options = {}, system?: FileSystem): Promise<void> {
  return assert.rejects(readRegularFile(path, options, system), (error) => {
    assert.ok(error instanceof UnusableFileError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("readRegularFile() reads files of any size below the limit", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "file");
    for (const size of [0, 1, 65_536, 65_537, 300_000]) {
      const written = new Uint8Array(size).map((_, index) => index % 251);
      await Deno.writeFile(file, written);
      assert.deepEqual(await readRegularFile(file), written);
    }
  });
});

Deno.test("readRegularFile() refuses what is larger than the limit", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeFile(file, new Uint8Array(2049));
    await refused(file, /^it is larger than 2 KiB$/, { maxBytes: 2048 });
    assert.equal((await readRegularFile(file, { maxBytes: 2049 })).length, 2049);
  });
});

Deno.test({
  name: "readRegularFile() counts what it reads, not only what the system says",
  ignore: skipped("files whose size the system does not tell", unlessOn("linux")),
  async fn() {
    const file = "/proc/self/status";
    // The system says that it has 0 bytes.
    assert.ok((await readRegularFile(file)).length > 0);
    await refused(file, /larger/, { maxBytes: 10 });
  },
});

Deno.test({
  name: "readRegularFile() does not open a named pipe or a device",
  ignore: skipped("named pipes and devices in place of a file", unlessOn("linux", "darwin")),
  fn: async () => {
    await withFolder(async (folder) => {
      const pipe = join(folder, "pipe");
      assert.ok((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
      await refused(pipe, /not a regular file/);
      await refused("/dev/zero", /not a regular file/);
    });
  },
});

Deno.test("readRegularFile() passes on what the system says", async () => {
  await withFolder(async (folder) => {
    await assert.rejects(readRegularFile(join(folder, "nowhere")), Deno.errors.NotFound);
    await assert.rejects(readRegularFile(folder), Deno.errors.IsADirectory);
  });
});

Deno.test("readRegularFile() gives up on a file system that hangs", async () => {
  await refused("/x", /^reading it took longer than 0\.02 s; /, { timeoutMs: 20 }, hung);
});

Deno.test("readRegularFile() ends at once when it is told to", async () => {
  const stop = new AbortController();
  const reading = readRegularFile("/x", { signal: stop.signal }, hung);
  stop.abort(new Error("stopping"));
  await assert.rejects(reading, /stopping/);
  await assert.rejects(readRegularFile("/x", { signal: stop.signal }, hung), /stopping/);
});

Deno.test("systemEnvironment() decodes UTF-8 and UTF-16 with a mark", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "file");
    const { readTextFile } = systemEnvironment();
    const units = [...'a: "ü"'].map((character) => character.charCodeAt(0));
    const encoded = {
      "utf-8": new TextEncoder().encode('a: "ü"'),
      "utf-8 with a mark": new TextEncoder().encode('\uFEFFa: "ü"'),
      "utf-16le": new Uint8Array([0xff, 0xfe, ...units.flatMap((unit) => [unit, 0])]),
      "utf-16be": new Uint8Array([0xfe, 0xff, ...units.flatMap((unit) => [0, unit])]),
    };
    for (const [encoding, bytes] of Object.entries(encoded)) {
      await Deno.writeFile(file, bytes);
      assert.equal(await readTextFile(file), 'a: "ü"', encoding);
    }
  });
});

Deno.test("systemEnvironment() tells files, directories and other things apart", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    const { factsOf } = systemEnvironment();
    assert.equal((await factsOf(file))?.kind, "file");
    assert.equal((await factsOf(folder))?.kind, "directory");
    assert.equal(await factsOf(join(folder, "nowhere")), undefined);
    assert.equal(await factsOf(join(file, "below-a-file")), undefined);
  });
});

Deno.test({
  name: "systemEnvironment() tells permission bits and devices",
  ignore: skipped("permission bits and devices", unlessOn("linux", "darwin")),
  async fn() {
    await withFolder(async (folder) => {
      const file = join(folder, "file");
      await Deno.writeTextFile(file, "");
      await Deno.chmod(file, 0o640);
      const { factsOf } = systemEnvironment();
      assert.equal((await factsOf(file))?.mode, 0o640);
      assert.equal((await factsOf("/dev/null"))?.kind, "other");
    });
  },
});
