/** The exporter as one file: what it unpacks, what it refuses, and that it is the exporter itself. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { PERMISSIONS, RUN_ENVIRONMENT } from "../../scripts/run_flags.ts";
import { buildPackage, type BuiltPackage, PACKAGE_COMMIT } from "./_package.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";
import { freePort, startExporter, withDirectory } from "./harness.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const noShell = skipped(
  "the package, which is a program for a POSIX shell",
  unlessOn("linux", "darwin"),
);

/** Test files about signals, reload, shutdown and state, which are to hold for the package too. */
const SAME_TESTS = ["shutdown", "reload", "ledger", "flags", "commands"];

let built: BuiltPackage | undefined;

/** Made by the first test that needs it. */
async function exporterPackage(): Promise<BuiltPackage> {
  built ??= await buildPackage();
  return built;
}

Deno.test.afterAll(async () => {
  await built?.remove();
});

/** A test of the package, which is a program for a POSIX shell. */
function packageTest(name: string, fn: (built: BuiltPackage) => Promise<void>): void {
  Deno.test({ name, ignore: noShell, fn: async () => await fn(await exporterPackage()) });
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the package with nothing but these variables. */
async function run(
  file: string,
  env: Record<string, string>,
  args: readonly string[] = ["version"],
  cwd?: string,
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(file, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

function assertRan({ code, out, err }: Ended): void {
  assert.equal(code, 0, err);
  assert.match(out, new RegExp(`^nbu_exporter \\S+ \\(commit ${PACKAGE_COMMIT}, deno `));
}

/** Runs `body` with an empty folder for what is unpacked. */
async function withCache(body: (cache: string) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    const cache = join(directory, "cache");
    await Deno.mkdir(cache, { mode: 0o755 });
    await body(cache);
  });
}

/** The folder with the two unpacked files. */
async function unpackedIn(cache: string): Promise<string> {
  const own = join(cache, `nbu_exporter-${Deno.uid()}`);
  for await (const { name } of Deno.readDir(own)) {
    if (/^\d/.test(name)) return join(own, name);
  }
  throw new Error(`nothing is unpacked in ${own}`);
}

async function modeOf(path: string): Promise<string> {
  return ((await Deno.lstat(path)).mode ?? 0 & 0o777).toString(8).slice(-3);
}

packageTest(
  "the package unpacks once, for its user alone, and without the network",
  async ({ file }) => {
    await withCache(async (cache) => {
      assertRan(await run(file, { CACHE_DIRECTORY: cache }));
      const folder = await unpackedIn(cache);
      const names = [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
      assert.deepEqual(names, ["nbu_exporter", "nbu_exporter.js"]);
      const modes = await Promise.all([
        modeOf(join(cache, `nbu_exporter-${Deno.uid()}`)),
        modeOf(folder),
        modeOf(join(folder, "nbu_exporter")),
        modeOf(join(folder, "nbu_exporter.js")),
      ]);
      assert.deepEqual(modes, ["700", "700", "500", "400"]);
      const before = await Deno.stat(join(folder, "nbu_exporter"));
      // A proxy that is not there: whatever asks the network fails.
      const proxy = `http://127.0.0.1:${freePort()}`;
      assertRan(await run(file, { CACHE_DIRECTORY: cache, HTTPS_PROXY: proxy, HTTP_PROXY: proxy }));
      assert.equal((await Deno.stat(join(folder, "nbu_exporter"))).ino, before.ino);
    });
  },
);

packageTest(
  "the package runs with the least permissions, its arguments and exit code untouched",
  async ({ file, cache }) => {
    const text = new TextDecoder().decode((await Deno.readFile(file)).subarray(0, 20_000));
    const [, flags = ""] = /^exec "\$runtime" run (.*) "\$program" "\$@"$/m.exec(text) ?? [];
    const allowed = flags.split(" ").filter((flag) => /^--(allow|no-prompt|unsafe)|^-A/.test(flag));
    assert.deepEqual(allowed, PERMISSIONS);
    const env = { CACHE_DIRECTORY: cache };
    const odd = await run(file, env, ["check", "no such file's  name $(x).yaml"]);
    assert.equal(odd.code, 1);
    assert.match(odd.err, /^no such file's {2}name \$\(x\)\.yaml: cannot read/);
    assert.equal((await run(file, env, ["doctor", "--config", "none.yaml"])).code, 2);
  },
);

packageTest(
  "the package is the exporter's own process, not its parent",
  async ({ file, cache }) => {
    await withDirectory(async (directory) => {
      const config = {
        server: { port: freePort(), host: "127.0.0.1" },
        nbuservers: [{ site: "a", host: "127.0.0.1", port: freePort(), apiKey: "k" }],
      };
      const env = { CACHE_DIRECTORY: cache };
      const exporter = await startExporter({ config, directory, env, executable: file });
      try {
        if (Deno.build.os === "linux") {
          const program = await Deno.readLink(`/proc/${exporter.pid}/exe`);
          assert.equal(program, join(await unpackedIn(cache), "nbu_exporter"));
          const children = `/proc/${exporter.pid}/task/${exporter.pid}/children`;
          assert.equal(await Deno.readTextFile(children), "");
        }
      } finally {
        const { code, signal } = await exporter.stop();
        assert.deepEqual({ code, signal }, { code: 0, signal: null });
      }
    });
  },
);

packageTest("first starts of the package at the same time all run", async ({ file }) => {
  await withCache(async (cache) => {
    const starts = Array.from({ length: 6 }, () => run(file, { CACHE_DIRECTORY: cache }));
    for (const ended of await Promise.all(starts)) assertRan(ended);
    const own = join(cache, `nbu_exporter-${Deno.uid()}`);
    const left = [...Deno.readDirSync(own)].map(({ name }) => name);
    assert.equal(left.filter((name) => name.startsWith("part.")).length, 0, left.join());
  });
});

packageTest("the package unpacks anew what was changed, and never runs it", async ({ file }) => {
  await withCache(async (cache) => {
    const env = { CACHE_DIRECTORY: cache };
    assertRan(await run(file, env));
    const folder = await unpackedIn(cache);
    const [runtime, program] = ["nbu_exporter", "nbu_exporter.js"].map((name) =>
      join(folder, name)
    );
    assert.ok(runtime && program);
    const flip = async (path: string) => {
      const handle = await Deno.open(path, { read: true, write: true });
      await handle.seek(4096, Deno.SeekMode.Start);
      const byte = new Uint8Array(1);
      await handle.read(byte);
      await handle.seek(4096, Deno.SeekMode.Start);
      await handle.write(Uint8Array.of((byte[0] ?? 0) ^ 1));
      handle.close();
    };
    const changes: readonly (() => Promise<void>)[] = [
      async () => {
        await Deno.chmod(program, 0o600);
        await Deno.writeTextFile(program, "console.log('taken over')\n");
        await Deno.chmod(program, 0o400);
      },
      async () => {
        await Deno.chmod(runtime, 0o700);
        await flip(runtime);
        await Deno.chmod(runtime, 0o500);
      },
      () => Deno.chmod(program, 0o644),
      () => Deno.chmod(runtime, 0o755),
      async () => {
        const elsewhere = join(cache, "elsewhere.js");
        await Deno.rename(program, elsewhere);
        await Deno.symlink(elsewhere, program);
      },
      () => Deno.remove(runtime),
    ];
    for (const change of changes) {
      await change();
      assertRan(await run(file, env));
      assert.deepEqual([await modeOf(runtime), await modeOf(program)], ["500", "400"]);
      assert.ok((await Deno.lstat(program)).isFile);
    }
  });
});

packageTest("the package refuses a folder that others can enter or have made", async ({ file }) => {
  const refused = async (cache: string) => {
    const { code, out, err } = await run(file, { CACHE_DIRECTORY: cache });
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /^nbu_exporter: cannot use \S+: CACHE_DIRECTORY must be/);
  };
  const own = `nbu_exporter-${Deno.uid()}`;
  await withCache(async (cache) => {
    await Deno.mkdir(join(cache, own));
    await Deno.chmod(join(cache, own), 0o750);
    await refused(cache);
    await Deno.chmod(join(cache, own), 0o700);
    assertRan(await run(file, { CACHE_DIRECTORY: cache }));
    await Deno.chmod(await unpackedIn(cache), 0o711);
    await refused(cache);
  });
  await withCache(async (cache) => {
    await Deno.chmod(cache, 0o777);
    await refused(cache);
    await Deno.chmod(cache, 0o1777);
    assertRan(await run(file, { CACHE_DIRECTORY: cache }));
  });
  await withCache(async (cache) => {
    await Deno.mkdir(join(cache, "elsewhere"), { mode: 0o700 });
    await Deno.symlink(join(cache, "elsewhere"), join(cache, own));
    await refused(cache);
  });
  await refused("relative/path");
  if (Deno.uid() === 0) {
    await withCache(async (cache) => {
      await Deno.mkdir(join(cache, own), { mode: 0o700 });
      await Deno.chown(join(cache, own), 65534, 65534);
      await refused(cache);
    });
  }
});

/** A folder with these programs only. */
async function toolsIn(directory: string, names: readonly string[]): Promise<string> {
  const folder = join(directory, names.join("-"));
  await Deno.mkdir(folder);
  for (const name of names) {
    const { stdout } = await new Deno.Command("which", { args: [name] }).output();
    await Deno.symlink(new TextDecoder().decode(stdout).trim(), join(folder, name));
  }
  return folder;
}

packageTest(
  "the package verifies with what there is, and does not run without",
  async ({ file }) => {
    const needed = "id ls mkdir chmod mktemp tail head gzip mv rm find".split(" ");
    await withCache(async (cache) => {
      for (const sum of ["b2sum", "sha256sum"]) {
        const env = { CACHE_DIRECTORY: cache, PATH: await toolsIn(cache, [...needed, sum]) };
        assertRan(await run(file, env));
        const runtime = join(await unpackedIn(cache), "nbu_exporter");
        await Deno.chmod(runtime, 0o700);
        await Deno.truncate(runtime, 50_000_000);
        await Deno.chmod(runtime, 0o500);
        assertRan(await run(file, env));
        assert.ok((await Deno.stat(runtime)).size > 50_000_000, sum);
      }
      const env = { CACHE_DIRECTORY: cache, PATH: await toolsIn(cache, needed) };
      const { code, err } = await run(file, env);
      assert.equal(code, 1);
      assert.match(err, /^nbu_exporter: b2sum, sha256sum or shasum is needed/);
    });
  },
);

packageTest(
  "without CACHE_DIRECTORY the package unpacks below the user's own folder, or else in /tmp",
  async ({ file }) => {
    await withDirectory(async (home) => {
      assertRan(await run(file, { HOME: home }));
      await unpackedIn(join(home, ".cache"));
      const other = join(home, "xdg");
      assertRan(await run(file, { HOME: "/nonexistent", XDG_CACHE_HOME: other }));
      await unpackedIn(other);
      const temporary = join(home, "tmp");
      await Deno.mkdir(temporary);
      await Deno.chmod(temporary, 0o1777);
      // A service's user has no home.
      assertRan(await run(file, { HOME: "/dev/null/home", TMPDIR: temporary }));
      await unpackedIn(temporary);
    });
  },
);

packageTest(
  "no file of Deno's or npm's, in the working directory or at home, has an effect on the package",
  async ({ file, cache }) => {
    await withDirectory(async (directory) => {
      for (const name of ["package.json", "deno.json", "deno.lock", ".npmrc", ".env"]) {
        await Deno.writeTextFile(join(directory, name), "registry=:::\n{{{\n");
      }
      const env = { CACHE_DIRECTORY: cache, HOME: directory };
      assertRan(await run(file, env, ["version"], directory));
    });
  },
);

packageTest("a package that was not copied in full says so", async ({ file }) => {
  await withCache(async (cache) => {
    const copy = join(cache, "copy");
    const bytes = await Deno.readFile(file);
    for (const damaged of [bytes.subarray(0, bytes.length - 1000), changed(bytes)]) {
      await Deno.writeFile(copy, damaged, { mode: 0o755 });
      const { code, err } = await run(copy, { CACHE_DIRECTORY: cache });
      assert.equal(code, 1);
      assert.match(err, /damaged/);
      await assert.rejects(Deno.stat(join(await unpackedIn(cache), "nbu_exporter")));
    }
  });
});

function changed(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 0xff;
  return copy;
}

packageTest(
  "the header of the package is a valid shell script of one page, ASCII only",
  async ({ file }) => {
    const bytes = (await Deno.readFile(file)).subarray(0, 20_000);
    const text = new TextDecoder("latin1").decode(bytes);
    const end = text.indexOf('"$program" "$@"\n') + '"$program" "$@"\n'.length;
    assert.ok(end > 1000 && end < 10_000);
    // deno-lint-ignore no-control-regex -- that is what must not be there
    assert.doesNotMatch(text.slice(0, end), /[^\x09\x0a\x20-\x7e]|@[A-Z_]+@/);
    for (const [name, value] of Object.entries(RUN_ENVIRONMENT)) {
      assert.ok(text.includes(`export ${name}="\${${name}:-${value}}"`), name);
    }
  },
);

for (const name of SAME_TESTS) {
  packageTest(`tests/e2e/${name}_test.ts holds for the package`, async ({ file, cache }) => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-check", `tests/e2e/${name}_test.ts`],
      cwd: ROOT,
      env: { NO_COLOR: "1", NBU_EXPORTER_PROGRAM: file, CACHE_DIRECTORY: cache },
    }).output();
    const decoder = new TextDecoder();
    assert.ok(success, decoder.decode(stdout) + decoder.decode(stderr));
  });
}
