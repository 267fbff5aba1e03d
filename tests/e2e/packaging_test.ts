import assert from "node:assert/strict";
import { join } from "node:path";
import {
  limitedFlags,
  PERMISSIONS,
  RUN_FLAGS,
  UNSTABLE_FLAGS,
  V8_FLAGS,
} from "../../scripts/run_flags.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { eventually, freePort, withDirectory, withExporter } from "./harness.ts";

const ROOT = new URL("../..", import.meta.url);
const COMMIT = "0123456789ab";

async function denoTask(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ success: boolean; text: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", name, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", NBU_BUILD_COMMIT: COMMIT, ...env },
  }).output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function exists(path: string | URL): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Runs `body` and leaves `build/` as it was: absent, if it was. */
async function withBuild(body: (directory: string) => Promise<void>): Promise<void> {
  const build = new URL("build/", ROOT);
  const existed = await exists(build);
  try {
    await withDirectory(body);
  } finally {
    if (!existed) await Deno.remove(build, { recursive: true });
  }
}

Deno.test("the compile task embeds one bundled module and nothing else", async () => {
  await withBuild(async (directory) => {
    // The base runtime comes over the network; Deno itself in its place shows what is embedded,
    // though what comes out is no exporter.
    const output = join(directory, "nbu_exporter");
    const { success, text } = await denoTask("compile", ["--output", output], {
      DENORT_BIN: Deno.execPath(),
    });
    assert.ok(!success, "plain Deno is not taken for an exporter");
    assert.match(text, /does not print "nbu_exporter [\d.]+ \(commit 0123456789ab/);
    assert.match(text, /"deno task package" makes one self-contained file/);
    const report = text.slice(text.indexOf("Embedded Files"), text.indexOf("\nFiles:"));
    const embedded = report.split("\n").filter((line) => /[├└]/.test(line));
    assert.equal(embedded.length, 1, report);
    assert.match(embedded[0] ?? "", /deno_compile_bundle_\w+\.mjs/);
    assert.ok(!await exists(output), "it is removed again");
    const entry = await Deno.readTextFile(new URL("build/entry.ts", ROOT));
    const { version } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
    assert.ok(entry.includes(JSON.stringify({ version, commit: COMMIT })), entry);
  });
});

Deno.test("the compile task says what it needs when the base runtime cannot be had", async () => {
  await withBuild(async (directory) => {
    const output = join(directory, "nbu_exporter");
    const { success, text } = await denoTask("compile", ["--output", output], {
      DENORT_BIN: join(directory, "missing"),
    });
    assert.ok(!success);
    const target = `denort-${Deno.build.target}.zip`;
    for (const word of ["cannot compile: ", "DENORT_BIN", target, "deno task package"]) {
      assert.ok(text.includes(word), `${word} in ${text}`);
    }
    assert.doesNotMatch(text, /Uncaught|scripts\/compile\.ts:\d/, "no stack trace of the task");
    assert.ok(!await exists(output));
  });
});

Deno.test("the compile task bakes in the least permissions", async () => {
  const source = await Deno.readTextFile(new URL("scripts/compile.ts", ROOT));
  assert.match(source, /\.\.\.limitedFlags\(permissions\),/);
  assert.deepEqual(limitedFlags({}), RUN_FLAGS);
  assert.deepEqual(RUN_FLAGS, [...PERMISSIONS, ...UNSTABLE_FLAGS, V8_FLAGS]);
  assert.deepEqual(PERMISSIONS, [
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    "--allow-env",
    "--allow-write",
  ]);
});

Deno.test("the bundle works under plain deno with exactly those permissions", async () => {
  await withBuild(async (directory) => {
    const program = join(directory, "nbu_exporter.js");
    const { success, text } = await denoTask("bundle", ["--output", program]);
    assert.ok(success, text);

    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...RUN_FLAGS, program, "version"],
    }).output();
    assert.match(new TextDecoder().decode(stdout), new RegExp(`commit ${COMMIT}`));

    const simulator = createSimulator({ apiKey: "bundle-key" });
    simulator.addJob({ jobType: "BACKUP" });
    const primary = await simulator.start();
    const config = {
      server: {
        port: freePort(),
        host: "127.0.0.1",
        collectionInterval: "1s",
        cacheTTL: 0,
        logName: join(directory, "nbu.log"),
      },
      nbuservers: [{
        site: "a",
        scheme: "http",
        host: "127.0.0.1",
        port: primary.port,
        apiKey: "${NBU_BUNDLE_KEY}",
      }],
    };
    try {
      const env = { NBU_BUNDLE_KEY: "bundle-key", DENO_DIR: join(directory, "deno") };
      await withExporter({ config, program, env }, async (exporter) => {
        const page = await eventually("it is up", async () => {
          const page = await exporter.metrics();
          return page.value("nbu_up") === 1 && page.value("nbu_jobs_count") === 1 && page;
        });
        const [build] = page.samples("nbu_exporter_build_info");
        assert.equal(build?.labels["commit"], COMMIT);
        assert.ok((page.value("process_resident_memory_bytes") ?? 0) > 0);
        const gzip = await fetch(`http://127.0.0.1:${exporter.port}/metrics`, {
          headers: { "accept-encoding": "gzip" },
        });
        assert.match(await gzip.text(), /^nbu_up\{site="a"\} 1$/m);
        assert.match((await exporter.get("/")).text, /<html/i);
        await eventually(
          "compiled code is kept",
          () => exists(join(directory, "deno", "nbu_exporter_code")),
        );
        exporter.signal("SIGHUP");
        await eventually(
          "it has reloaded",
          () => exporter.log().includes("applied the new configuration"),
        );
        exporter.signal("SIGTERM");
        assert.equal((await exporter.status).code, 0);
        assert.match(await Deno.readTextFile(join(directory, "nbu.log")), /level=info msg=stopped/);
      });
      await withExporter({ config, program, env }, async (exporter) => {
        await eventually("the code runs", async () => {
          return (await exporter.metrics()).value("nbu_jobs_count") === 1;
        });
      });
    } finally {
      await primary.close();
    }
  });
});
