/**
 * Debian's Chromium under the control of a test.
 *
 * @module
 */
import { join } from "node:path";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { capture } from "../../scripts/command.ts";
import { skipped } from "../testing/skipped.ts";

const executablePath = await capture("which", ["chromium"]);

/** Whether the browser is missing. */
export const NO_BROWSER: boolean = skipped(
  "tests in a real browser",
  executablePath === undefined ? "chromium is not installed" : undefined,
);

/** A phone. */
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
/** A screen on the wall. */
export const WALL = { viewport: { width: 1920, height: 1080 } };
/** A window on a desk. */
export const DESK = { viewport: { width: 1200, height: 900 } };

/** Where a person who wants to look at them finds the pictures; nowhere unless told. */
export async function picture(page: Page, name: string): Promise<void> {
  const directory = Deno.env.get("NBU_SCREENSHOTS");
  if (directory) await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}

/** Runs `body` with a browser that is closed afterwards. */
export async function withBrowser(body: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
  });
  try {
    await body(browser);
  } finally {
    await browser.close();
  }
}

/** What a page in the browser gave. */
export interface Visit {
  readonly page: Page;
  /** Whatever the browser complained about: violations of the Content-Security-Policy, say. */
  readonly complaints: readonly string[];
}

/** Opens a page in a window of its own. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

/** What axe-core finds on a page, one line for each rule and element. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Whether something is wider than the window. */
export async function overflows(page: Page): Promise<boolean> {
  return await page.evaluate<boolean>(
    "document.documentElement.scrollWidth > document.documentElement.clientWidth",
  );
}
