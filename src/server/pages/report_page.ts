/**
 * The morning report as a page.
 *
 * @module
 */
import { html } from "hono/html";
import { headlineOf, overviewOf } from "../report/overview.ts";
import { type MorningReport, needsAttention, type SiteReport } from "../report/report.ts";
import { successInWords } from "../report/words.ts";
import { sitePath } from "../routes.ts";
import type { ServerState } from "../state.ts";
import { slowJobs, topFailures } from "./findings/jobs.ts";
import { expiries, overdue, space } from "./findings/stock.ts";
import { type Html, layout } from "./layout.ts";
import { problemBlock, stateLabel, time } from "./parts.ts";
import { numbers, table } from "./table.ts";

/** Rows of what runs out for each site; its page has all. */
const MAX_ROWS = 5;

/** Windows that the page offers. */
const WINDOWS = ["12h", "24h", "3d", "7d"];

/**
 * Makes the page.
 *
 * @param window The window as it was asked for.
 */
export function reportPage(state: ServerState, report: MorningReport, window: string): Html {
  const { build, metricsPath } = state;
  const { now, fromMs, sites } = report;
  const address = (format: string) =>
    `?window=${encodeURIComponent(window)}${format === "" ? "" : `&format=${format}`}`;
  return layout({
    title: "Report",
    build,
    metricsPath,
    main: html`
      <h1>Report: ${headlineOf(report)}</h1>
      <p>From ${time(fromMs)} to ${time(now)}.</p>
      <nav class="filter" aria-label="Window of the report">
        <ul>
          ${WINDOWS.map((each) =>
            each === window
              ? html`<li><a href="?window=${each}" aria-current="page">${each}</a></li>`
              : html`<li><a href="?window=${each}">${each}</a></li>`
          )}
        </ul>
      </nav>
      ${sites.length === 0 ? html`<p>No site is configured.</p>` : overviewTable(sites, now)}
      ${sites.map((site, index) => siteSection(site, now, index))}
      <p>
        The same as <a href="${address("csv")}">CSV</a>, <a href="${address("json")}">JSON</a>
        or <a href="${address("text")}">text</a>.
      </p>
    `,
  });
}

function overviewTable(sites: readonly SiteReport[], now: number): Html {
  return table({
    caption: "All sites",
    columns: [
      ...["Site", "State"],
      ...["Backups succeeded", "Failed jobs", "Overdue clients"].map(numbers),
      ...["Days to full", "Next expiry", "All jobs known"],
    ],
    rows: sites.map((site) => {
      const { summary: { site: name, downSince }, state } = site;
      const { success, failed, overdue, full, expiry, complete } = overviewOf(site, now);
      return [
        html`<a href="${sitePath(name)}">${name}</a>`,
        stateLabel(state, downSince, now),
        ...[success, failed, overdue, full, expiry],
        complete ? "yes" : html`<strong>no</strong>`,
      ];
    }),
  });
}

/** A site that needs nobody is folded up. */
function siteSection(site: SiteReport, now: number, index: number): Html {
  const { summary, state, problems, caveats, backups, findings } = site;
  const { site: name, downSince } = summary;
  const place = (id: string, title: string) => ({ id: `${id}-${index}`, title, level: 3 as const });
  const open = needsAttention(site, now);
  const look = open && state === "up" ? "degraded" : state;
  const content = html`
    <summary>
      <h2>${name}: ${stateLabel(state, downSince, now)}</h2>
    </summary>
    ${problems.map((problem) => problemBlock(problem, now, summary.collectors.length))}
    ${caveats.map((caveat) => html`<p class="missing">${caveat}</p>`)}
    ${backups ? html`<p>Backups: ${successInWords(backups)}.</p>` : ""}
    ${findings.jobs.value === undefined ? "" : html`
      ${topFailures(site, now, place("failures", "Top failures"))}
      ${slowJobs(site, now, place("slow", "Slow jobs"))}
    `}
    ${overdue(site, now, place("overdue", "Overdue"))}
    ${space(site, now, place("space", "Space"), MAX_ROWS)}
    ${expiries(findings.expiries, now, place("expiries", "Expiries"), MAX_ROWS)}
  `;
  return open
    ? html`<details class="box ${look}" open>${content}</details>`
    : html`<details class="box ${look}">${content}</details>`;
}
