import assert from "node:assert/strict";
import { join } from "node:path";
import { isInstalled } from "../../scripts/command.ts";
import { fencedBlocks } from "../_fenced_blocks.ts";
import { skipped } from "../testing/skipped.ts";

const UNIT = new URL("../../deploy/nbu_exporter.service", import.meta.url);

/** Highest exposure that is accepted, as `systemd-analyze security` rates it: 0 is best, 10 worst. */
const EXPOSURE_LIMIT = 2;

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
    const broken = await analyze(["verify"], (unit) => unit.replace("Type=exec", "Type=nonsense"));
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

Deno.test("the systemd unit reloads by SIGHUP and leaves time to drain", async () => {
  const unit = await Deno.readTextFile(UNIT);
  assert.match(unit, /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) > 10);
});
