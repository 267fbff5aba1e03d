import assert from "node:assert/strict";
import type { BrowserContextOptions } from "playwright-core";
import { createApp } from "../../src/server/app.ts";
import type { SiteSummary } from "../../src/site/summary.ts";
import { siteSummary } from "../server/_sites.ts";
import { NIGHT, PARIS } from "../server/_night.ts";
import { testState } from "../server/_state.ts";
import {
  accessibilityFaults,
  DESK,
  NO_BROWSER,
  overflows,
  PHONE,
  picture,
  visit,
  withBrowser,
} from "./browser.ts";

/** Runs `body` with the pages of these sites. */
async function withPages(
  sites: readonly SiteSummary[],
  body: (base: string) => Promise<void>,
): Promise<void> {
  const app = createApp(testState({ sites: () => sites }));
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => app.fetch(request),
  );
  try {
    await body(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

const FORMS: Readonly<Record<string, BrowserContextOptions>> = {
  phone: { ...PHONE, colorScheme: "light" },
  desk: { ...DESK, colorScheme: "light" },
  dark: { ...DESK, colorScheme: "dark" },
};

Deno.test({
  name: "axe-core finds nothing on the report and on the pages of the sites of a bad night",
  ignore: NO_BROWSER,
  fn: () =>
    withPages(NIGHT, (base) =>
      withBrowser(async (browser) => {
        const pages = {
          "night-status": ["/", 200],
          "night-report": ["/report", 200],
          "night-berlin": ["/site/berlin", 200],
          "night-lima": ["/site/lima", 200],
          "night-delhi": ["/site/delhi", 200],
          "night-tokyo": ["/site/tokyo", 200],
          "night-bad-window": ["/report?window=x", 400],
          "night-no-site": ["/site/nothing", 404],
        } as const;
        for (const [form, options] of Object.entries(FORMS)) {
          for (const [name, [path, status]] of Object.entries(pages)) {
            const { page, complaints } = await visit(browser, base + path, options);
            await picture(page, `${name}-${form}`);
            assert.deepEqual(await accessibilityFaults(page), [], `${name}, ${form}`);
            assert.equal(await overflows(page), false, `${name} is cut off, ${form}`);
            const codes = complaints.map((text) => /\b4\d\d\b/.exec(text)?.[0] ?? text);
            assert.deepEqual(codes, status === 200 ? [] : [String(status)], name);
            await page.context().close();
          }
        }
      })),
});

Deno.test({
  name: "a browser shows the report: sites that need somebody open, the others folded up",
  ignore: NO_BROWSER,
  fn: () =>
    withPages(NIGHT, (base) =>
      withBrowser(async (browser) => {
        const { page } = await visit(browser, base, { ...DESK, javaScriptEnabled: false });
        await page.getByRole("link", { name: "Report" }).click();
        assert.equal(page.url(), `${base}/report`);
        const open = await page.locator("details[open] h2").allTextContents();
        assert.deepEqual(open.map((text) => text.split(":")[0]), [
          "lima",
          "delhi",
          "tokyo",
          "berlin",
        ]);
        const paris = page.locator("details", { hasText: "paris" });
        assert.equal(await paris.getByText("Slow jobs").isVisible(), false);
        await paris.locator("summary").press("Enter");
        assert.equal(await paris.getByText("Slow jobs").isVisible(), true);
        await page.getByRole("link", { name: "12h" }).click();
        assert.equal(page.url(), `${base}/report?window=12h`);
        await page.goto(`${base}/nothing`);
        await page.getByRole("link", { name: "Go to the status page" }).click();
        assert.equal(page.url(), `${base}/`);
      })),
});

Deno.test({
  name: "the report of a hundred sites is readable on a desk and on a phone",
  ignore: NO_BROWSER,
  fn: () => {
    const sites = Array.from(
      { length: 100 },
      (_, index) =>
        index % 20 === 19
          ? { ...NIGHT[2] ?? PARIS, site: `site-${index + 1}` }
          : siteSummary({ ...PARIS, site: `site-${index + 1}` }),
    );
    return withPages(sites, (base) =>
      withBrowser(async (browser) => {
        for (const [form, options] of Object.entries(FORMS)) {
          const { page } = await visit(browser, `${base}/report`, options);
          await picture(page, `report-hundred-${form}`);
          assert.match(await page.locator("h1").innerText(), /100 sites, 5 down/);
          assert.deepEqual(await accessibilityFaults(page), []);
          assert.equal(await overflows(page), false, form);
          await page.context().close();
        }
      }));
  },
});
