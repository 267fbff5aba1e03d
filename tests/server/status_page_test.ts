import assert from "node:assert/strict";
import { createApp } from "../../src/server/app.ts";
import type { ServerState } from "../../src/server/state.ts";
import type { SiteSummary } from "../../src/site/summary.ts";
import { collectorSummary, downSite, failingCollector, NOW, siteSummary } from "./_sites.ts";
import { testState } from "./_state.ts";

async function get(
  path: string,
  sites: readonly SiteSummary[],
  changes: Partial<ServerState> = {},
): Promise<string> {
  const response = await createApp(testState({ sites: () => sites, ...changes })).request(path);
  assert.equal(response.status, 200);
  return await response.text();
}

/** What a person reads: without tags, blanks made one. */
function textOf(html: string): string {
  return html.replace(/<style>.*?<\/style>/s, "").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

/** Names of the sites in the order of the page. */
function namesIn(html: string): (string | undefined)[] {
  return [...html.matchAll(/<h3><a [^>]*>(.*?)<\/a>/g)].map(([, name]) => name);
}

const degraded = siteSummary({
  site: "delhi",
  collectors: [collectorSummary(), failingCollector({ name: "storage", main: false })],
});
const starting = siteSummary({
  site: "cairo",
  up: undefined,
  version: undefined,
  collectors: [collectorSummary({ outcome: "waiting", lastSuccessAt: undefined })],
});
const SITES = [siteSummary({ site: "paris" }), starting, degraded, downSite({ site: "lima" })];

Deno.test("the status page counts the sites in its headline, and says in its title what is down", async () => {
  const html = await get("/", SITES);
  assert.match(html, /<h1>2 up, 1 down, 1 starting<\/h1>/);
  assert.match(html, /<title>1 down – NetBackup exporter<\/title>/);
  assert.match(await get("/", [siteSummary()]), /<h1>1 up<\/h1>/);
  assert.match(textOf(await get("/", [])), /0 up .* No site is configured\./);
});

Deno.test("the status page shows problems first", async () => {
  assert.deepEqual(namesIn(await get("/", SITES)), ["lima", "delhi", "cairo", "paris"]);
});

Deno.test("the status page says what fails while a site is starting", async () => {
  const collectors = [
    collectorSummary({ outcome: "waiting", lastSuccessAt: undefined, running: true }),
    failingCollector({ name: "storage" }),
  ];
  const text = textOf(await get("/", [siteSummary({ up: undefined, collectors })]));
  assert.match(text, /Problems: 1 a starting .* storage : cannot connect to x/);
});

Deno.test("the status page shows the sites of one state only on request, and says which", async () => {
  for (
    const [show, names] of [
      ["down", ["lima"]],
      ["degraded", ["delhi"]],
      ["starting", ["cairo"]],
      ["up", ["paris"]],
      ["nonsense", ["lima", "delhi", "cairo", "paris"]],
    ] as const
  ) {
    const html = await get(`/?show=${show}`, SITES);
    assert.deepEqual(namesIn(html), names);
    const current = show === "nonsense" ? "/" : `/?show=${show}`;
    assert.ok(html.includes(`<a href="${current}" aria-current="page">`), show);
  }
});

Deno.test("the status page says of a site that is down since when, why, and what to do", async () => {
  const text = textOf(await get("/", [downSite()]));
  for (
    const part of [
      "down for 2 h",
      "https://nbu.example.com:1556/netbackup",
      "jobs : cannot connect to x",
      "What to do: Check &quot;host&quot;.",
      "since 2026-11-20 20:12:00 UTC",
      "Next collection in 4 min.",
    ]
  ) assert.ok(text.includes(part), `${part} in ${text}`);
});

Deno.test("the status page says how much less often a site is polled that is down", async () => {
  for (const [factor, rate] of [[2, "half"], [4, "a quarter of"]] as const) {
    assert.match(
      textOf(await get("/", [downSite({ factor })])),
      new RegExp(`at ${rate} the usual rate`),
    );
  }
  assert.doesNotMatch(textOf(await get("/", [downSite()])), /usual rate/);
});

Deno.test("the status page has one problem for each reason, with the collectors that have it", async () => {
  const names = ["jobs", "storage", "alerts", "tape", "hosts", "slo", "slp"];
  const collectors = names.map((name) => failingCollector({ name }));
  const all = textOf(await get("/", [downSite({ collectors })]));
  assert.equal(all.split("What to do").length - 1, 1);
  assert.match(all, /all 7 collectors : cannot connect/);
  const some = textOf(
    await get("/", [siteSummary({ collectors: [...collectors, collectorSummary({ name: "x" })] })]),
  );
  assert.match(some, /jobs, storage, alerts, tape and 3 others : cannot connect/);
});

Deno.test("the status page shows a result that is too old as a problem", async () => {
  const collectors = [collectorSummary({ stale: true, running: true, nextRunAt: undefined })];
  const text = textOf(await get("/", [siteSummary({ collectors })]));
  assert.match(text, /Problems: 1 .*jobs : series withdrawn: last result is too old/);
  assert.match(text, /A collection is running\./);
});

Deno.test("the status page shows how long ago a site was read, by the collector read longest ago", async () => {
  const collectors = [
    collectorSummary(),
    collectorSummary({ name: "storage", lastSuccessAt: NOW - 200_000 }),
  ];
  assert.match(textOf(await get("/", [siteSummary({ collectors })])), /3 min ago/);
  const never = [collectorSummary({ lastSuccessAt: undefined, progress: 0.456, running: true })];
  const text = textOf(await get("/", [siteSummary({ collectors: never })]));
  assert.match(text, /not read yet .*jobs catching up: 45 %/);
});

Deno.test("the status page says that the last reload failed", async () => {
  const reloadStatus = () => ({ successful: false, lastSuccessMs: NOW - 3_600_000 });
  const text = textOf(await get("/", SITES, { reloadStatus }));
  assert.match(text, /reload of the configuration failed: that of 2026-11-20 21:12:00 UTC/);
  assert.doesNotMatch(textOf(await get("/", SITES)), /reload of the configuration failed/);
});

Deno.test("the page of a site has a row for each collector", async () => {
  const html = await get("/site/a", [siteSummary({
    collectors: [
      collectorSummary(),
      failingCollector({
        name: "storage",
        lastSuccessAt: undefined,
        rows: undefined,
        nextRunAt: undefined,
        running: true,
      }),
      collectorSummary({ name: "slo", outcome: "unsupported", rows: undefined }),
      collectorSummary({ name: "tape", rows: 0, everHadRows: false }),
      collectorSummary({ name: "alerts", rows: 0 }),
      collectorSummary({
        name: "new",
        outcome: "waiting",
        durationSeconds: undefined,
        rows: undefined,
        lastSuccessAt: undefined,
      }),
    ],
  })]);
  const rows = [...html.matchAll(/<tr role="row">(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => textOf(cell).trim())
  );
  const ago = "20 s ago 2026-11-20 22:11:40 UTC";
  assert.deepEqual(rows, [
    ["Collector", "State", "Last success", "Rows", "Took", "Every", "Next run"],
    ["jobs Jobs.", "ok", ago, "1,234", "250 ms", "5 min", "in 4 min"],
    ["storage Jobs.", "failed connect", "never", "–", "250 ms", "5 min", "running"],
    ["slo Jobs.", "unsupported", ago, "–", "250 ms", "5 min", "in 4 min"],
    ["tape Jobs.", "ok", ago, "0 missing permission?", "250 ms", "5 min", "in 4 min"],
    ["alerts Jobs.", "ok", ago, "0", "250 ms", "5 min", "in 4 min"],
    ["new Jobs.", "waiting", "never", "–", "–", "5 min", "in 4 min"],
  ]);
});

Deno.test("the page of a site says where it is, what it costs the primary, and what is insecure", async () => {
  const text = textOf(await get("/site/a", [downSite({ insecureSkipVerify: true, factor: 4 })]));
  for (
    const part of [
      "a: down for 2 h",
      "Down since 2026-11-20 20:12:00 UTC",
      "Address https://nbu.example.com:1556/netbackup",
      "API version 14.0",
      "42 requests in the last hour",
      "certificate of the primary is not checked",
      "at a quarter of the usual rate",
      "Problems: 1",
    ]
  ) assert.ok(text.replace(" :", ":").includes(part), `${part} in ${text}`);
});

Deno.test("the page of a site says what is active and queued, and what waits longest and why", async () => {
  const oldest = { jobId: 7, sinceMs: NOW - 134 * 60_000, reason: "media in use" };
  const busy = siteSummary({ queue: { active: 2, queued: 3, oldest, longest: [] } });
  assert.match(
    textOf(await get("/site/a", [busy])),
    /Jobs 2 active, 3 queued; job 7 has been queued for 2 h 14 min: media in use/,
  );
  const idle = siteSummary({ queue: { active: 0, queued: 0, oldest: undefined, longest: [] } });
  assert.match(textOf(await get("/site/a", [idle])), /Jobs 0 active, 0 queued Load/);
  assert.doesNotMatch(textOf(await get("/site/a", [siteSummary()])), /queued/);
});

Deno.test("the page of a site is found whatever its name is made of", async () => {
  for (const site of ["a/b", "50 % off?", "#1", "<b>", "Zürich & Bern", "a%2Fb"]) {
    const sites = [siteSummary({ site })];
    const [, href = ""] = /<h3><a href="([^"]*)"/.exec(await get("/", sites)) ?? [];
    assert.match(await get(href, sites), /<h1>/, href);
  }
});

Deno.test("no page lets through what comes from outside", async () => {
  const evil = `<script>alert("x")</script>&'`;
  const failure = { reason: evil, message: evil, remedy: evil };
  const sites = [
    downSite({
      site: evil,
      version: evil,
      collectors: [failingCollector({ name: evil, failure })],
    }),
    siteSummary({ site: "b", collectors: [collectorSummary({ name: evil, progress: 0.5 })] }),
  ];
  const changes = { build: { version: evil, commit: evil }, metricsPath: `/"><script>` };
  const headers = { Accept: "text/html" };
  const app = createApp(testState({ sites: () => sites, ...changes }));
  const site = `/site/${encodeURIComponent(evil)}`;
  for (
    const path of ["/", `/?show=${evil}`, `/?refresh=off&x=${evil}`, site, `${site}x`, "/site/b"]
  ) {
    const html = await (await app.request(path, { headers })).text();
    assert.doesNotMatch(html, /<script|alert\("/, path);
    assert.match(html, /&lt;script&gt;/, path);
  }
});

Deno.test("pages load nothing, and no page of another site may show them", async () => {
  const app = createApp(testState({ sites: () => SITES }));
  for (const path of ["/", "/site/lima", "/report", "/nothing"]) {
    const response = await app.request(path, { headers: { Accept: "text/html" } });
    const policy = response.headers.get("Content-Security-Policy") ?? "";
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; /);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(response.headers.get("Content-Type"), "text/html; charset=UTF-8");
    const html = await response.text();
    assert.doesNotMatch(html.replaceAll(/https:\/\/nbu[^<]*/g, ""), /\bsrc=|<link|<script|url\(/);
    assert.doesNotMatch(html, / style="/);
  }
});

Deno.test("pages are well formed", async () => {
  const app = createApp(testState({ sites: () => SITES }));
  for (const path of ["/", "/site/lima", "/site/paris", "/report", "/nothing"]) {
    const html = await (await app.request(path, { headers: { Accept: "text/html" } })).text();
    assert.match(html, /^\s*<!DOCTYPE html>\s*<html lang="en">/);
    const open: string[] = [];
    for (const [, close, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (name === "meta" || name === "br") continue;
      if (close) assert.equal(open.pop(), name, path);
      else open.push(name);
    }
    assert.deepEqual(open, []);
  }
});

Deno.test("status pages load themselves anew until they are told not to", async () => {
  const app = createApp(testState({ sites: () => SITES }));
  for (const path of ["/?show=down", "/site/lima"]) {
    const on = await app.request(path);
    assert.equal(on.headers.get("Refresh"), "30");
    const [, off = ""] = /<a href="([^"]*)">Stop refreshing/.exec(await on.text()) ?? [];
    const stopped = await app.request(off.replaceAll("&amp;", "&"));
    assert.equal(stopped.headers.get("Refresh"), null);
    const [, back] = /<a href="([^"]*)">Refresh every/.exec(await stopped.text()) ?? [];
    assert.equal(back, path);
  }
});
