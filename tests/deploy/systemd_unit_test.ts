import assert from "node:assert/strict";
import { join } from "node:path";
import { isInstalled } from "../../scripts/command.ts";
import { RUN_ENVIRONMENT, RUN_FLAGS } from "../../scripts/run_flags.ts";
import { fencedBlocks } from "../_fenced_blocks.ts";
import { eventually, freePort, withDirectory } from "../e2e/harness.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";

const UNIT = new URL("../../deploy/nbu_exporter.service", import.meta.url);

/** Highest exposure that is accepted, as `systemd-analyze security` rates it: 0 is best, 10 worst. */
const EXPOSURE_LIMIT = 1.6;

const noSystemd = skipped(
  "whether systemd accepts the unit",
  await isInstalled("systemd-analyze") ? undefined : "systemd-analyze is not installed",
);

/** Runs systemd-analyze on the unit, with a program that exists in place of the exporter. */
async function analyze(args: readonly string[], change = (unit: string) => unit) {
  const directory = await Deno.makeTempDir();
  try {
    const file = join(directory, "nbu_exporter.service");
    const unit = (await Deno.readTextFile(UNIT)).replaceAll(
      "/usr/local/bin/nbu_exporter",
      "/bin/true",
    );
    await Deno.writeTextFile(file, change(unit));
    const { stdout, stderr } = await new Deno.Command("systemd-analyze", {
      args: [...args, file],
      env: { SYSTEMD_COLORS: "0" },
    }).output();
    const decoder = new TextDecoder();
    return decoder.decode(stdout) + decoder.decode(stderr);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** How exposed `systemd-analyze security` finds a unit. */
function exposureOf(output: string): number {
  return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(output)?.[1]);
}

/** Complaints about this unit; those about units of the machine are not ours. */
function complaints(output: string): string[] {
  return output.split("\n").filter((line) => line.includes("nbu_exporter.service"));
}

Deno.test({
  name: "the systemd unit is valid",
  ignore: noSystemd,
  async fn() {
    assert.deepEqual(complaints(await analyze(["verify"])), []);
    const broken = await analyze(
      ["verify"],
      (unit) => unit.replace(/^Type=notify$/m, "Type=nonsense"),
    );
    assert.notDeepEqual(complaints(broken), [], "a fault would be seen");
  },
});

Deno.test({
  name: "the systemd unit gives the exporter few rights",
  ignore: noSystemd,
  async fn() {
    const level = exposureOf(await analyze(["security", "--offline=true"]));
    assert.ok(level <= EXPOSURE_LIMIT, `exposure ${level} is above ${EXPOSURE_LIMIT}`);
  },
});

Deno.test({
  name: "the drop-in of docs/security.md is valid, and takes more rights away",
  ignore: noSystemd,
  async fn() {
    const page = "docs/security.md";
    const markdown = await Deno.readTextFile(new URL(`../../${page}`, import.meta.url));
    const dropIn = fencedBlocks(page, markdown).find(({ text }) => text.startsWith("[Service]"));
    assert.ok(dropIn, "the page has a drop-in");
    const withDropIn = (unit: string) => unit.replace("[Install]", `${dropIn.text}\n[Install]`);
    assert.deepEqual(complaints(await analyze(["verify"], withDropIn)), []);
    const security = ["security", "--offline=true"];
    const without = exposureOf(await analyze(security));
    assert.ok(exposureOf(await analyze(security, withDropIn)) < without);
  },
});

Deno.test("the systemd unit sets the environment that the exporter is measured with", async () => {
  const unit = await Deno.readTextFile(UNIT);
  for (const [name, value] of Object.entries(RUN_ENVIRONMENT)) {
    assert.ok(unit.split("\n").includes(`Environment=${name}=${value}`), name);
  }
});

Deno.test("the systemd unit reloads by SIGHUP and leaves time to drain", async () => {
  const unit = await Deno.readTextFile(UNIT);
  assert.match(unit, /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) > 10);
});

/** Whether SIGHUP is one of the signals that a process ignores (SigIgn) or catches (SigCgt). */
function hasHangup(set: "SigIgn" | "SigCgt", status: string): boolean {
  const signals = new RegExp(`^${set}:\\s+([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0";
  return (BigInt(`0x${signals}`) & 1n) !== 0n;
}

/** What Linux says about a program that the unit's script starts in place of the exporter. */
async function statusUnder(script: string): Promise<string> {
  const instead = script.replace(/exec .*$/, "exec cat /proc/self/status");
  assert.notEqual(instead, script);
  const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", instead] }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "a SIGHUP right after the unit's start does not end the program, and later ones reload it",
  ignore: skipped("SIGHUP right after the start of the unit", unlessOn("linux")),
  async fn() {
    const [, script = ""] =
      /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(await Deno.readTextFile(UNIT)) ??
        [];
    assert.ok(hasHangup("SigIgn", await statusUnder(script)), "it begins with SIGHUP ignored");
    const port = freePort();
    await withDirectory(async (directory) => {
      const configFile = join(directory, "config.yaml");
      const site = { site: "a", scheme: "http", host: "127.0.0.1", port: 9, apiKey: "unit-key" };
      const config = { server: { port, host: "127.0.0.1" }, nbuservers: [site] };
      await Deno.writeTextFile(configFile, JSON.stringify(config));
      const main = new URL("../../main.ts", import.meta.url).pathname;
      const program = [Deno.execPath(), "run", ...RUN_FLAGS, main].join(" ");
      const here = script.replace("/usr/local/bin/nbu_exporter", program)
        .replace("/etc/nbu_exporter/config.yaml", configFile);
      assert.ok(here.includes(`${main} --config ${configFile}`), here);
      const child = new Deno.Command("/bin/sh", {
        args: ["-c", here],
        stdout: "piped",
        stderr: "null",
      }).spawn();
      let log = "";
      const reading = (async () => {
        for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) log += text;
      })();
      await eventually("SIGHUP is ignored, or listened to already", async () => {
        const status = await Deno.readTextFile(`/proc/${child.pid}/status`);
        return hasHangup("SigIgn", status) || hasHangup("SigCgt", status);
      });
      await eventually("it reloads", () => {
        child.kill("SIGHUP");
        return log.includes("applied the new configuration");
      });
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0);
      await reading;
    });
  },
});
