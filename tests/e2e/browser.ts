/**
 * Debian's Chromium under the control of a test.
 *
 * @module
 */
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { capture } from "../../scripts/command.ts";

const executablePath = await capture("which", ["chromium"]);

/** Whether the browser is there. */
export const hasBrowser = executablePath !== undefined;

if (!hasBrowser) {
  // deno-lint-ignore no-console
  console.log("skipped: tests in a real browser, as chromium is not installed");
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
