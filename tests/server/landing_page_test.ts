import assert from "node:assert/strict";
import { createApp } from "../../src/server/app.ts";
import type { ServerState, SiteStatus } from "../../src/server/state.ts";
import { testState } from "./_state.ts";

async function page(changes: Partial<ServerState> = {}): Promise<string> {
  return await (await createApp(testState(changes)).request("/")).text();
}

const SITES: readonly SiteStatus[] = [
  {
    site: "paris",
    state: "up",
    apiVersion: "14.0",
    sources: [
      { source: "storage", lastSuccessMs: Date.UTC(2026, 10, 20, 22, 12, 0) },
      { source: "jobs", lastSuccessMs: undefined },
    ],
  },
  { site: "berlin", state: "starting", apiVersion: undefined, sources: [] },
];

/** The cells of the table, row by row, without tags. */
function cells(html: string): string[][] {
  return [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) =>
      cell.replace(/<[^>]+>/g, "")
    )
  );
}

Deno.test("the landing page names the exporter, its version and where to go", async () => {
  const html = await page({ metricsPath: "/my-metrics" });
  assert.match(html, /<h1>NetBackup exporter<\/h1>/);
  assert.match(html, /nbu_exporter 1\.2\.3, commit abcdef/);
  for (const path of ["/my-metrics", "/health", "/-/ready"]) {
    assert.ok(html.includes(`<a href="${path}">`), path);
  }
});

Deno.test("the landing page has a row per site with state, version and last successes", async () => {
  assert.deepEqual(cells(await page({ sites: () => SITES })), [
    ["Site", "State", "API version", "Last success of storage", "Last success of jobs"],
    ["paris", "up", "14.0", "2026-11-20 22:12:00 UTC", "never"],
    ["berlin", "starting", "unknown", "never", "never"],
  ]);
});

Deno.test("the landing page escapes whatever comes from outside", async () => {
  const evil = `<script>alert("x")</script>&'`;
  const html = await page({
    build: { version: evil, commit: evil },
    metricsPath: `/"><script>`,
    sites: () => [{
      site: evil,
      state: "down",
      apiVersion: evil,
      sources: [{ source: evil, lastSuccessMs: 0 }],
    }],
  });
  assert.ok(!html.includes("<script"), html);
  assert.equal(html.split("&lt;script&gt;alert(&quot;x&quot;)").length - 1, 5);
});

Deno.test("the landing page loads nothing from anywhere, and may not", async () => {
  const response = await createApp(testState({ sites: () => SITES })).request("/");
  assert.equal(
    response.headers.get("Content-Security-Policy"),
    "default-src 'none'; style-src 'unsafe-inline'",
  );
  assert.equal(response.headers.get("Content-Type"), "text/html; charset=UTF-8");
  const html = await response.text();
  assert.doesNotMatch(html, /https?:|\bsrc=|<link|<script|@import|url\(/);
});

Deno.test("the landing page is well formed and can be read by everyone", async () => {
  const html = await page({ sites: () => SITES });
  assert.match(html, /^\s*<!DOCTYPE html>\s*<html lang="en">/);
  assert.match(html, /<meta name="viewport" content="width=device-width, initial-scale=1">/);
  assert.match(html, /<title>.+<\/title>/);
  assert.match(html, /<caption id="sites">/);
  assert.equal(html.match(/<th scope="row">/g)?.length, SITES.length);
  assert.match(html, /color-scheme: light dark/);
  assert.match(html, /<style>[^&<]*<\/style>/);
  const open: string[] = [];
  for (const [, close, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (name === "meta") continue;
    if (close) assert.equal(open.pop(), name);
    else open.push(name);
  }
  assert.deepEqual(open, []);
});
