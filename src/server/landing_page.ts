/**
 * The landing page.
 *
 * @module
 */
import { html, raw } from "hono/html";
import { ROUTES } from "./routes.ts";
import type { ServerState, SiteStatus, SourceStatus } from "./state.ts";

/** What hono's templates make. */
type Html = ReturnType<typeof html>;

/** The page needs nothing but its own styles. */
export const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { font-weight: bold; text-align: left; padding: 0.5rem 0; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 30%, transparent);
  padding: 0.4rem 0.8rem 0.4rem 0; text-align: left; vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
th[scope="row"] { overflow-wrap: break-word; min-width: 6em; max-width: 24em; }
.down { font-weight: bold; text-decoration: underline; }
footer { font-size: 0.9rem; margin-top: 2rem; }
`;

/** The page as HTML; whatever comes from outside is escaped. */
export function landingPage({ build, metricsPath, sites }: ServerState): Html {
  const { version, commit } = build;
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>NetBackup exporter</title>
        <style>${raw(STYLE)}</style>
      </head>
      <body>
        <main>
    <h1>NetBackup exporter</h1>
    <p>Metrics of Veritas/Cohesity NetBackup for Prometheus.</p>
    <ul>
    <li><a href="${metricsPath}">Metrics</a></li>
    <li><a href="${ROUTES.health}">Health</a>: whether NetBackup can be reached</li>
    <li><a href="${ROUTES.ready}">Readiness</a>: whether every site was read once</li>
    </ul>
    ${sitesTable(sites())}
        </main>
        <footer>nbu_exporter ${version}, commit ${commit}</footer>
      </body>
    </html>
  `;
}

function sitesTable(sites: readonly SiteStatus[]): Html {
  const sources = [...new Set(sites.flatMap((site) => site.sources.map(({ source }) => source)))];
  return html`
    <div class="table" role="region" aria-labelledby="sites" tabindex="0">
      <table>
        <caption id="sites">Sites</caption>
        <thead>
          <tr>
    <th scope="col">Site</th><th scope="col">State</th><th scope="col">API version</th>
    ${sources.map((source) => html`<th scope="col">Last success of ${source}</th>`)}
          </tr>
        </thead>
        <tbody>
    ${sites.map((site) => siteRow(site, sources))}
        </tbody>
      </table>
    </div>
  `;
}

function siteRow({ site, state, apiVersion, sources }: SiteStatus, columns: string[]): Html {
  return html`
    <tr>
    <th scope="row">${site}</th><td class="${state}">${state}</td><td>${apiVersion ??
      "unknown"}</td>
    ${columns.map((column) => timeCell(sources.find(({ source }) => source === column)))}
    </tr>
  `;
}

function timeCell(status: SourceStatus | undefined): Html {
  if (status?.lastSuccessMs === undefined) return html`<td>never</td>`;
  const time = new Date(status.lastSuccessMs).toISOString();
  const shown = time.replace("T", " ").replace(/\.\d+Z$/, " UTC");
  return html`<td><time datetime="${time}">${shown}</time></td>`;
}
