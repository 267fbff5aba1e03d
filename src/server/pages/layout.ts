/**
 * What all pages have in common.
 *
 * @module
 */
import { html, raw } from "hono/html";
import type { BuildInfo } from "../../base/build_info.ts";
import { ROUTES } from "../routes.ts";
import { STYLE, STYLE_HASH } from "./style.ts";

/** What hono's templates make: whatever they were given is escaped in it. */
export type Html = ReturnType<typeof html>;

/** The pages load nothing, run nothing, send nothing, and are shown in no other page. */
const CONTENT_SECURITY_POLICY =
  `default-src 'none'; style-src ${STYLE_HASH}; base-uri 'none'; form-action 'none'; ` +
  "frame-ancestors 'none'";

/** Headers of every page. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
};

/** A page. */
export interface PageContent {
  /** For the tab of the browser. */
  readonly title: string;
  readonly build: BuildInfo;
  readonly metricsPath: string;
  readonly main: Html;
  /** What stands at the end beside the version. */
  readonly note?: Html;
}

/** Makes a page. */
export function layout({ title, build, metricsPath, main, note }: PageContent): Html {
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title} – NetBackup exporter</title>
        <style>${raw(STYLE)}</style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <strong>NetBackup exporter</strong>
          <nav aria-label="Pages">
            <ul>
              <li><a href="${ROUTES.status}">Status</a></li>
              <li><a href="${ROUTES.report}">Report</a></li>
              <li><a href="${metricsPath}">Metrics</a></li>
              <li><a href="${ROUTES.config}">Configuration</a></li>
              <li><a href="${ROUTES.statusApi}">Status as JSON</a></li>
              <li><a href="${ROUTES.health}">Health</a></li>
              <li><a href="${ROUTES.ready}">Readiness</a></li>
            </ul>
          </nav>
        </header>
        <main id="main">${main}</main>
        <footer>
          ${note ?? ""}
          <p>nbu_exporter ${build.version}, commit ${build.commit}</p>
        </footer>
      </body>
    </html>
  `;
}
