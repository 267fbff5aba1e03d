import assert from "node:assert/strict";
import { createApp } from "../../src/server/app.ts";
import type { ServerState } from "../../src/server/state.ts";
import { singleSample } from "../../src/metrics/family.ts";
import { apiRetriesTotal, collectorRows, up } from "../../src/metrics/catalogue.ts";
import { MetricsPage } from "../../src/metrics/page/page.ts";
import { sourceName } from "../../src/site/source_name.ts";
import { downSite, siteSummary } from "./_sites.ts";
import { testState } from "./_state.ts";

/** A page of two sites with two collectors each. */
function twoSites(): ServerState {
  const own = singleSample(apiRetriesTotal, { site: "own", endpoint: "/x" }, 2);
  const page = new MetricsPage({ monotonic: () => 0, own: () => [own] });
  for (const site of ["a", "b/c"]) {
    page.publish(sourceName(site, "health"), [singleSample(up, { site }, 1)]);
    for (const collector of ["jobs", "storage"]) {
      const family = singleSample(collectorRows, { site, collector }, 1);
      page.publish(sourceName(site, collector, "gauges"), [family]);
    }
  }
  return testState({
    metrics: (format, encoding) => page.body(format, encoding),
    metricsPart: (part, format, encoding) => page.part(part, format, encoding),
    collectorNames: () => new Map(["a", "b/c"].map((site) => [site, ["jobs", "storage"]])),
  });
}

/** Series on a page, shortened to what tells them apart. */
async function series(path: string): Promise<string[]> {
  const response = await createApp(twoSites()).request(path);
  assert.equal(response.status, 200, path);
  const lines = (await response.text()).split("\n").filter((line) => /^[^#]/.test(line));
  return lines.map((line) => {
    const [, name, site] = /^nbu_(\w+)\{site="([^"]*)"/.exec(line) ?? [];
    const collector = /collector="(\w+)"/.exec(line)?.[1];
    return [site, collector ?? name].join(" ");
  });
}

const A = ["a jobs", "a storage", "a up"];
const B = ["b/c jobs", "b/c storage", "b/c up"];

Deno.test("the metrics page has the sites that the parameter site names, and the exporter's own", async () => {
  const own = "own api_retries_total";
  assert.deepEqual((await series("/metrics")).sort(), [...A, ...B, own]);
  assert.deepEqual((await series("/metrics?site=a")).sort(), [...A, own]);
  assert.deepEqual((await series("/metrics?site=a&site=b%2Fc")).sort(), [...A, ...B, own]);
  assert.deepEqual((await series("/metrics?other=a")).sort(), [...A, ...B, own]);
});

Deno.test("the metrics page has the collectors that collect[] names, and the health of their sites", async () => {
  const wanted = ["a jobs", "a up", "b/c jobs", "b/c up", "own api_retries_total"];
  for (const name of ["collect[]", "collect%5B%5D"]) {
    assert.deepEqual((await series(`/metrics?${name}=jobs`)).sort(), wanted);
  }
  assert.deepEqual(
    (await series("/metrics?site=a&collect[]=jobs&collect[]=storage")).sort(),
    [...A, "own api_retries_total"],
  );
});

Deno.test("/probe has one site, without the exporter's own metrics", async () => {
  assert.deepEqual((await series("/probe?target=b/c")).sort(), B);
  assert.deepEqual((await series("/probe?target=a&collect[]=storage")).sort(), [
    "a storage",
    "a up",
  ]);
});

Deno.test("an unknown site is 404 and an unknown collector 400, each with what is wrong", async () => {
  const app = createApp(twoSites());
  for (
    const [path, status, text] of [
      ["/metrics?site=x", 404, 'No site "x" is configured\n'],
      ["/metrics?site=a&site=x", 404, 'No site "x" is configured\n'],
      ["/probe?target=x", 404, 'No site "x" is configured\n'],
      ["/site/x", 404, 'No site "x" is configured\n'],
      ["/metrics?site=", 404, 'No site "" is configured\n'],
      ["/probe", 400, 'The parameter "target" is missing: name a site\n'],
      ["/metrics?collect[]=x", 400, 'No collector "x" is on. These are: jobs, storage\n'],
    ] as const
  ) {
    const response = await app.request(path);
    assert.deepEqual([response.status, await response.text()], [status, text]);
  }
});

Deno.test("a part of the metrics page is negotiated as the whole is", async () => {
  const headers = { "Accept-Encoding": "gzip", Accept: "application/openmetrics-text" };
  const response = await createApp(twoSites()).request("/probe?target=a", { headers });
  assert.equal(response.headers.get("Content-Encoding"), "gzip");
  assert.match(response.headers.get("Content-Type") ?? "", /^application\/openmetrics-text/);
  const stream = response.body?.pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(stream).text();
  assert.match(text, /nbu_up\{site="a"\} 1\n# EOF\n$/);
});

Deno.test("/config shows the configuration in effect as text", async () => {
  const response = await createApp(testState()).request("/config");
  assert.match(response.headers.get("Content-Type") ?? "", /^text\/plain/);
  assert.equal(await response.text(), "server: {}\n");
});

Deno.test("/sd has a target for each site, at the address by which the client knows the exporter", async () => {
  const sites = () => [siteSummary({ site: "a b" })];
  const app = createApp(testState({ sites }));
  const response = await app.request("/sd", { headers: { Host: "exporter.example.com:9440" } });
  assert.match(response.headers.get("Content-Type") ?? "", /^application\/json/);
  assert.deepEqual(await response.json(), [{
    targets: ["exporter.example.com:9440"],
    labels: {
      __metrics_path__: "/probe",
      __param_target: "a b",
      __meta_nbu_site: "a b",
      __meta_nbu_address: "nbu.example.com:1556",
      instance: "a b",
    },
  }]);
});

Deno.test("/api/v1/status has what the status page shows", async () => {
  const oldest = { jobId: 7, sinceMs: Date.UTC(2026, 10, 20, 20, 0), reason: "media in use" };
  const queue = { active: 2, queued: 3, oldest, longest: [] };
  const sites = () => [
    siteSummary({ site: "paris" }),
    downSite({ site: "lima", factor: 2, queue }),
  ];
  const { status, data } = await (await createApp(testState({ sites })).request("/api/v1/status"))
    .json();
  assert.equal(status, "success");
  assert.equal(data.time, "2026-11-20T22:12:00.000Z");
  assert.deepEqual(data.configReload, {
    success: true,
    lastSuccessTime: "2026-11-20T22:11:00.000Z",
  });
  assert.deepEqual(data.count, { down: 1, degraded: 0, starting: 0, up: 1 });
  const [{ lastDay: _, ...paris }, lima] = data.sites;
  assert.deepEqual(paris, {
    site: "paris",
    url: "https://nbu.example.com:1556/netbackup",
    state: "up",
    downSince: null,
    apiVersion: "14.0",
    tlsVerification: true,
    slowDownFactor: 1,
    requestsInLastHour: 42,
    jobs: null,
    problems: [],
    collectors: [{
      collector: "jobs",
      state: "ok",
      lastSuccess: "2026-11-20T22:11:40.000Z",
      failingSince: null,
      failure: null,
      rows: 1234,
      durationSeconds: 0.25,
      intervalSeconds: 300,
      running: false,
      nextRun: "2026-11-20T22:16:40.000Z",
      progress: null,
    }],
  });
  assert.deepEqual([lima.state, lima.downSince, lima.slowDownFactor], [
    "down",
    "2026-11-20T20:12:00.000Z",
    2,
  ]);
  assert.deepEqual(lima.jobs, {
    active: 2,
    queued: 3,
    oldestQueued: { jobId: 7, since: "2026-11-20T20:00:00.000Z", reason: "media in use" },
  });
  assert.deepEqual(lima.problems, [{
    reason: "connect",
    message: "cannot connect to x",
    remedy: 'Check "host".',
    collectors: ["jobs"],
    since: "2026-11-20T20:12:00.000Z",
  }]);
});

Deno.test("reloading and ending over HTTP are off unless they are enabled", async () => {
  const app = createApp(testState());
  for (const path of ["/-/reload", "/-/quit"]) {
    const response = await app.request(path, { method: "POST" });
    assert.equal(response.status, 403);
    assert.match(await response.text(), /not enabled: see --web\.enable-lifecycle/);
  }
});

Deno.test("/-/reload loads the configuration again and tells how that went; /-/quit ends the process", async () => {
  const calls: string[] = [];
  let works = true;
  const lifecycle = {
    reload() {
      calls.push("reload");
      return Promise.resolve(works);
    },
    quit() {
      calls.push("quit");
    },
  };
  const app = createApp(testState({ lifecycle }));
  assert.equal((await app.request("/-/reload", { method: "POST" })).status, 200);
  assert.equal((await app.request("/-/reload", { method: "PUT" })).status, 200);
  works = false;
  const failed = await app.request("/-/reload", { method: "POST" });
  assert.equal(failed.status, 500);
  assert.match(await failed.text(), /The old configuration stays in effect/);
  assert.equal((await app.request("/-/quit", { method: "POST" })).status, 200);
  assert.deepEqual(calls, ["reload", "reload", "reload", "quit"]);
  const get = await app.request("/-/quit");
  assert.deepEqual([get.status, get.headers.get("Allow")], [405, "POST, PUT"]);
  const headers = { "Sec-Fetch-Site": "cross-site" };
  const foreign = await app.request("/-/quit", { method: "POST", headers });
  assert.equal(foreign.status, 403, "a page of another site must not do it");
  assert.equal(calls.length, 4);
});
