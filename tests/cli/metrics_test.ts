import assert from "node:assert/strict";
import { parsePage } from "../testing/parsed_page.ts";
import { runCli } from "./_run.ts";
import { configText, KEY, withPrimary } from "./_primaries.ts";

Deno.test("metrics collects once from every site, prints the page and ends with 0", async () => {
  await withPrimary(async ({ simulator, entry }) => {
    const config = configText(entry, { ...entry, site: "oslo" });
    const { code, out, err } = await runCli(["metrics"], { config });
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    const page = parsePage(out);
    for (const site of ["berlin", "oslo"]) {
      assert.equal(page.value("nbu_up", { site }), 1);
      for (const collector of ["jobs", "storage", "alerts", "tape"]) {
        assert.equal(page.value("nbu_collector_success", { site, collector }), 1, collector);
      }
    }
    assert.match(out, /^nbu_exporter_build_info\{version="1\.2\.3"/m);
    const drives = simulator.requests.to("/storage/drives");
    assert.equal(drives.length, 2, "each site is read once");
  });
});

Deno.test("metrics ends with 1 when a collector fails, names it and prints the rest", async () => {
  await withPrimary(async ({ entry }) => {
    const { code, out, err } = await runCli(["metrics"], { config: configText(entry) });
    assert.equal(code, 1);
    assert.match(err, /^"berlin" storage: forbidden: .*STORAGE-UNITS[^\n]*\n$/);
    const page = parsePage(out);
    assert.equal(page.value("nbu_collector_success", { collector: "storage" }), 0);
    assert.equal(page.value("nbu_collector_success", { collector: "jobs" }), 1);
  }, { denied: ["|STORAGE|STORAGE-UNITS|"] });
});

Deno.test("metrics names what is wrong with a primary once for all its collectors", async () => {
  await withPrimary(async ({ entry }) => {
    const { code, err } = await runCli(["metrics"], {
      config: configText({ ...entry, apiKey: "another-key" }),
    });
    assert.equal(code, 1);
    assert.match(err, /^"berlin" jobs, storage, .*tape: auth: NetBackup refuses the API key/);
    assert.equal(err.split("\n").length, 2);
    assert.ok(!err.includes("another-key"));
  });
});

Deno.test("metrics logs to standard error with --debug, without the key", async () => {
  await withPrimary(async ({ entry }) => {
    const { out, err } = await runCli(["metrics", "--debug"], { config: configText(entry) });
    assert.match(err, /level=debug/);
    assert.ok(!(out + err).includes(KEY));
    parsePage(out);
  });
});

Deno.test("metrics shows on a terminal how far it is, and clears that at the end", async () => {
  await withPrimary(async ({ entry }) => {
    const { progress } = await runCli(["metrics"], { config: configText(entry), terminal: true });
    assert.match(progress[0] ?? "", /^collected from 0 of 1 sites$/);
    assert.equal(progress.at(-1), "");
  });
});

Deno.test("metrics ends with 1 when the configuration is bad", async () => {
  const { code, out, err } = await runCli(["metrics"], { config: "nbuservers: []\n" });
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /config\.yaml/);
});
