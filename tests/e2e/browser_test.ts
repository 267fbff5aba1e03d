import assert from "node:assert/strict";
import type { BrowserContextOptions } from "playwright-core";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import {
  accessibilityFaults,
  DESK,
  NO_BROWSER,
  overflows,
  PHONE,
  picture,
  visit,
  WALL,
  withBrowser,
} from "./browser.ts";
import { eventually, type Exporter, freePort, withExporter } from "./harness.ts";

const KEY = "browser-key";

interface SiteStatus {
  readonly state: string;
  readonly collectors: readonly { readonly state: string; readonly progress: number | null }[];
}

interface World {
  readonly exporter: Exporter;
  readonly base: string;
  /** What `/api/v1/status` says of a site. */
  readonly status: (site: string) => Promise<SiteStatus | undefined>;
}

/** Runs `body` with an exporter of these sites. */
async function withSites(
  sites: readonly Record<string, unknown>[],
  body: (world: World) => Promise<void>,
): Promise<void> {
  const config = {
    server: { port: freePort(), host: "127.0.0.1", collectionInterval: "5s", cacheTTL: "5s" },
    nbuservers: sites.map((site) => ({
      ...{ scheme: "http", host: "127.0.0.1", apiKey: KEY, timeout: "30s" },
      retry: { maxAttempts: 1 },
      ...site,
    })),
  };
  await withExporter({ config }, async (exporter) => {
    await body({
      exporter,
      base: `http://127.0.0.1:${exporter.port}`,
      async status(name) {
        const { text } = await exporter.get("/api/v1/status");
        const all: (SiteStatus & { readonly site: string })[] = JSON.parse(text).data.sites;
        return all.find(({ site }) => site === name);
      },
    });
  });
}

/** Runs `body` with simulated primaries that listen. */
async function withPrimaries(
  simulators: readonly Simulator[],
  body: (ports: readonly number[]) => Promise<void>,
): Promise<void> {
  const primaries = await Promise.all(simulators.map((simulator) => simulator.start()));
  try {
    await body(primaries.map(({ port }) => port));
  } finally {
    await Promise.all(primaries.map((primary) => primary.close()));
  }
}

/** Sites in every state there is: up, not reachable, with a bad key, forbidden, catching up. */
async function withTroubles(body: (world: World) => Promise<void>): Promise<void> {
  const healthy = createSimulator({ apiKey: KEY, jobsPerHour: 600 });
  const refusing = createSimulator({ apiKey: "another key" });
  const forbidding = createSimulator({ apiKey: KEY, denied: ["/storage/storage-units"] });
  const busy = createSimulator({ apiKey: KEY, jobsPerHour: 3000, historyHours: 2 });
  busy.faults.add({ kind: "hang", endpoint: "/admin/jobs", skip: 12 });
  await withPrimaries([healthy, refusing, forbidding, busy], (ports) =>
    withSites([
      { site: "berlin", port: ports[0] },
      { site: "<b>oslo</b> & co", port: ports[0] },
      { site: "lima", port: freePort() },
      { site: "cairo", port: ports[1] },
      { site: "delhi", port: ports[2] },
      { site: "tokyo", port: ports[3] },
    ], async (world) => {
      const expected = [
        ["berlin", "up"],
        ["<b>oslo</b> & co", "up"],
        ["tokyo", "up"],
        ["lima", "down"],
        ["cairo", "down"],
        [
          "delhi",
          "degraded",
        ],
      ];
      for (const [site = "", state] of expected) {
        await eventually(
          `${site} is ${state}`,
          async () => (await world.status(site))?.state === state,
        );
      }
      await eventually(
        "tokyo is catching up",
        async () =>
          (await world.status("tokyo"))?.collectors.some(({ progress }) => progress !== null),
      );
      await body(world);
    }));
}

Deno.test({
  name: "a browser shows problems first, each in full words with what to do about it",
  ignore: NO_BROWSER,
  fn: () =>
    withTroubles(({ base }) =>
      withBrowser(async (browser) => {
        const { page, complaints } = await visit(browser, base, DESK);
        assert.equal(await page.textContent("h1"), "4 up, 2 down");
        const names = await page.locator("h3").allTextContents();
        assert.deepEqual(names.slice(0, 3), ["lima", "cairo", "delhi"]);
        await page.keyboard.press("Tab");
        const skip = page.getByRole("link", { name: "Skip to the content" });
        assert.equal((await skip.boundingBox())?.x, 0, "seen while it has the focus");
        await page.keyboard.press("Enter");
        await page.keyboard.press("Tab");
        assert.equal(await page.locator("a:focus").textContent(), "All: 6");
        const card = (site: string) => page.locator("li.box", { hasText: site }).innerText();
        assert.match(
          await card("lima"),
          /down for \d+ s[^]*Connection refused[^]*What to do: Check "host"/,
        );
        assert.match(await card("cairo"), /API key[^]*What to do: Create a new API key/);
        assert.match(await card("delhi"), /storage[^]*STORAGE[^]*What to do: Give the role/);
        assert.match(await card("tokyo"), /jobs catching up: \d+ %/);
        assert.equal(await page.locator("h3 b").count(), 0, "names are text");
        await page.getByRole("link", { name: "Down: 2" }).click();
        assert.deepEqual(await page.locator("h3").allTextContents(), ["lima", "cairo"]);
        await page.getByRole("link", { name: "lima" }).click();
        assert.match(await page.locator("h1").innerText(), /^lima: down for /);
        await page.goto(`${base}/site/berlin`);
        const facts = await page.locator("dl").innerText();
        assert.match(facts, /Jobs\s+\d+ active, \d+ queued/);
        assert.match(facts, /[1-9]\d* requests in the last hour/);
        assert.deepEqual(complaints, []);
      })
    ),
});

Deno.test({
  name: "axe-core finds nothing on any page, light and dark, on a desk and on a phone",
  ignore: NO_BROWSER,
  fn: () =>
    withTroubles(({ base }) =>
      withBrowser(async (browser) => {
        const pages = {
          status: "/",
          report: "/report",
          down: "/?show=down",
          healthy: "/site/berlin",
          "bad-key": "/site/cairo",
          forbidden: "/site/delhi",
          "catching-up": "/site/tokyo",
          "not-found": "/nothing",
        };
        const forms: Readonly<Record<string, BrowserContextOptions>> = {
          phone: { ...PHONE, colorScheme: "light" },
          desk: { ...DESK, colorScheme: "light" },
          dark: { ...DESK, colorScheme: "dark" },
        };
        for (const [form, options] of Object.entries(forms)) {
          for (const [name, path] of Object.entries(pages)) {
            const { page, complaints } = await visit(browser, base + path, options);
            await picture(page, `${name}-${form}`);
            assert.deepEqual(await accessibilityFaults(page), [], `${name}, ${form}`);
            assert.equal(await overflows(page), false, `${name} is cut off, ${form}`);
            const expected = name === "not-found" ? ["404"] : [];
            const codes = complaints.map((text) => /\b404\b/.exec(text)?.[0] ?? text);
            assert.deepEqual(codes, expected);
            await page.context().close();
          }
        }
      })
    ),
});

Deno.test({
  name: "of forty sites those that are down come first, on a screen and on a phone",
  ignore: NO_BROWSER,
  fn: () =>
    withPrimaries([createSimulator({ apiKey: KEY, jobsPerHour: 60 })], ([port]) =>
      withSites(
        Array.from({ length: 40 }, (_, index) => ({
          site: `nbu-${["fra", "lon", "nyc", "sgp"][index % 4]}-${index + 1}`,
          port: index % 7 === 6 ? freePort() : port,
        })),
        ({ base, exporter }) =>
          withBrowser(async (browser) => {
            await eventually(
              "all are known",
              async () => (await exporter.get("/")).text.includes("<h1>35 up, 5 down</h1>"),
            );
            for (const [device, options] of Object.entries({ phone: PHONE, desk: DESK })) {
              const { page } = await visit(browser, base, options);
              await picture(page, `forty-${device}`);
              const names = await page.locator("h3").allTextContents();
              assert.equal(names.length, 40);
              const down = ["nbu-nyc-7", "nbu-lon-14", "nbu-fra-21", "nbu-sgp-28", "nbu-nyc-35"];
              assert.deepEqual(names.slice(0, 5), down);
              assert.deepEqual(await accessibilityFaults(page), []);
              assert.equal(await overflows(page), false);
            }
          }),
      )),
});

Deno.test({
  name: "a hundred sites that are up fit on a screen on the wall",
  ignore: NO_BROWSER,
  fn: () =>
    withPrimaries([createSimulator({ apiKey: KEY })], ([port]) =>
      withSites(
        Array.from({ length: 100 }, (_, index) => ({ site: `site ${index + 1}`, port })),
        ({ base, exporter }) =>
          withBrowser(async (browser) => {
            await eventually("all are up", async () =>
              (await exporter.get("/")).text.includes("<h1>100 up</h1>"));
            const { page } = await visit(browser, base, WALL);
            await picture(page, "wall");
            const last = await page.getByText("site 100", { exact: true }).boundingBox();
            assert.ok(last && last.y + last.height <= WALL.viewport.height, JSON.stringify(last));
          }),
      )),
});

Deno.test({
  name: "a browser without JavaScript shows all, and loads the page anew until told not to",
  ignore: NO_BROWSER,
  fn: () =>
    withPrimaries(
      [createSimulator({ apiKey: KEY })],
      ([port]) =>
        withSites([{ site: "berlin", port }], ({ base, status }) =>
          withBrowser(async (browser) => {
            await eventually("it is up", async () => (await status("berlin"))?.state === "up");
            const { page } = await visit(browser, base, { javaScriptEnabled: false });
            assert.match(await page.locator("main").innerText(), /berlin\n.*(ago|now)\n\s*127/);
            await page.getByRole("link", { name: "Stop refreshing" }).click();
            assert.match(await page.locator("footer").innerText(), /Does not refresh/);
            await page.getByRole("link", { name: "Refresh every" }).click();
            assert.equal(page.url(), `${base}/`);
            await page.getByRole("link", { name: "Metrics" }).click();
            const metrics = await page.locator("body").innerText();
            assert.match(metrics, /nbu_up\{site="berlin"\} 1/);
            assert.match(
              metrics,
              /process_cpu_seconds_total/,
              "the whole page, not its first part",
            );
          })),
    ),
});
