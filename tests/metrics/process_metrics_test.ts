import assert from "node:assert/strict";
import { buildInfoFamily } from "../../src/metrics/build_info.ts";
import { currentProcess, processFamilies } from "../../src/metrics/process_metrics.ts";
import { developmentBuild } from "../../src/base/build_info.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";

function valuesOf(families: ReturnType<typeof processFamilies>): Record<string, unknown> {
  return Object.fromEntries(
    families.map(({ definition, samples }) => [definition.name, samples[0]?.value]),
  );
}

Deno.test("processFamilies() converts to base units", () => {
  const families = processFamilies(0.25, {
    memory: () => ({ rss: 1000, heapTotal: 500 }),
    cpu: () => ({ user: 1_500_000, system: 500_000 }),
    startTimeMs: 1_700_000_000_500,
  });
  assert.deepEqual(valuesOf(families), {
    process_cpu_seconds_total: 2,
    process_resident_memory_bytes: 1000,
    process_heap_bytes: 500,
    process_start_time_seconds: 1_700_000_000.5,
    nbu_exporter_event_loop_delay_seconds: 0.25,
  });
});

Deno.test("processFamilies() reads true figures of this process", () => {
  const values = valuesOf(processFamilies(0, currentProcess));
  assert.ok(Number(values["process_cpu_seconds_total"]) > 0);
  assert.ok(Number(values["process_resident_memory_bytes"]) > 10_000_000);
  assert.ok(Number(values["process_heap_bytes"]) > 1_000_000);
  const age = Date.now() / 1000 - Number(values["process_start_time_seconds"]);
  assert.ok(age >= 0 && age < 3600, `started ${age} s ago`);
});

Deno.test("processFamilies() grows the processor time while the process works", () => {
  const before = Number(valuesOf(processFamilies(0))["process_cpu_seconds_total"]);
  let now = before;
  for (let i = 0; i < 1e9 && now <= before; i++) {
    now = Number(valuesOf(processFamilies(0))["process_cpu_seconds_total"]);
  }
  assert.ok(now > before);
});

Deno.test({
  name: "processFamilies() needs no permission",
  permissions: "none",
  fn() {
    assert.equal(processFamilies(0).length, 5);
  },
});

Deno.test({
  name:
    "the files of /proc, which tell the open files and their limit, take more than the permission to read",
  ignore: skipped("what Deno lets a program read below /proc", unlessOn("linux")),
  permissions: { read: true, write: true, env: true, net: true },
  fn() {
    // Should a later Deno allow it, there are three metrics to add: see `process_metrics.ts`.
    for (const file of ["fd", "limits", "status"]) {
      assert.throws(() => Deno.statSync(`/proc/self/${file}`), Deno.errors.NotCapable, file);
    }
  },
});

Deno.test("buildInfoFamily() names version, runtime and commit", () => {
  const { definition, samples } = buildInfoFamily({ version: "1.2.3", commit: "abc" }, "2.9.6");
  assert.equal(definition.name, "nbu_exporter_build_info");
  assert.deepEqual(samples, [{
    labels: { version: "1.2.3", goversion: "deno2.9.6", commit: "abc" },
    value: 1,
  }]);
});

Deno.test("developmentBuild() has the version of deno.json and no commit", async () => {
  const file = new URL("../../deno.json", import.meta.url);
  const { version } = JSON.parse(await Deno.readTextFile(file));
  assert.deepEqual(developmentBuild(), { version, commit: "unknown" });
});
