/**
 * The page of one site: what is wrong, what happened in the last day, what runs out, and every
 * collector.
 *
 * @module
 */
import { html } from "hono/html";
import { startOfHour } from "../../base/hours.ts";
import type { CollectorSummary, JobQueue, SiteSummary } from "../../site/summary.ts";
import { ROUTES } from "../routes.ts";
import type { ServerState } from "../state.ts";
import { collectorStatus, STATE_WORDS } from "../status/site_status.ts";
import { siteReport } from "../report/report.ts";
import { DEFAULT_WINDOW_MS } from "../report/window.ts";
import { failedJobs, slowJobs } from "./findings/jobs.ts";
import type { PartPlace } from "./findings/part.ts";
import { expiries, overdue, space } from "./findings/stock.ts";
import { type Html, layout } from "./layout.ts";
import { problemBlock, rateNote, stateLabel, time } from "./parts.ts";
import { refreshNote } from "./refresh.ts";
import { type Cell, numbers, table } from "./table.ts";
import { ago, ahead, inWords, runTime } from "./words.ts";

/** Makes the page. */
export function sitePage(state: ServerState, summary: SiteSummary, url: URL): Html {
  const { build, metricsPath } = state;
  const now = state.now();
  const report = siteReport(summary, startOfHour(now - DEFAULT_WINDOW_MS), now);
  const { state: siteState, problems, findings } = report;
  const { site, downSince, collectors } = summary;
  return layout({
    title: `${site} ${STATE_WORDS[siteState]}`,
    build,
    metricsPath,
    main: html`
      <p><a href="${ROUTES.status}">All sites</a></p>
      <h1>${site}: ${stateLabel(siteState, downSince, now)}</h1>
      ${facts(summary, now)}
      ${problems.length === 0 ? "" : html`
        <section aria-labelledby="problems">
          <h2 id="problems">Problems: ${problems.length}</h2>
          <ul class="grid">
            ${problems.map((problem) =>
              html`
                <li class="box ${siteState}">${problemBlock(problem, now, collectors.length)}</li>
              `
            )}
          </ul>
        </section>
      `}
      ${failedJobs(report, now, place("failures", "Failed jobs of the last day"))}
      ${slowJobs(report, now, place("slow", "Slow jobs"))}
      ${overdue(report, now, place("overdue", "Overdue clients"))}
      ${space(report, now, place("space", "Space"))}
      ${expiries(findings.expiries, now, place("expiries", "Expiry calendar"))}
      ${collectorTable(collectors, now)}
    `,
    note: refreshNote(url, now),
  });
}

function place(id: string, title: string): PartPlace {
  return { id, title, level: 2 };
}

function facts(summary: SiteSummary, now: number): Html {
  const { site, baseUrl, version, downSince, requestsInLastHour, insecureSkipVerify, queue } =
    summary;
  const probe = `${ROUTES.probe}?target=${encodeURIComponent(site)}`;
  const rate = rateNote(summary);
  return html`
    <dl>
      ${downSince === undefined ? "" : html`
        <dt>Down since</dt>
        <dd>${time(downSince)}</dd>
      `}
      <dt>Address</dt><dd>${baseUrl}</dd>
      <dt>API version</dt><dd>${version ?? "not known yet"}</dd>
      ${insecureSkipVerify
        ? html`
          <dt>TLS</dt>
          <dd>the certificate of the primary is not checked</dd>
        `
        : ""}
      ${queue === undefined ? "" : html`
        <dt>Jobs</dt>
        <dd>${jobsInWords(queue, now)}</dd>
      `}
      <dt>Load on the primary</dt>
      <dd>${requestsInLastHour} ${requestsInLastHour === 1 ? "request" : "requests"} in the last
        hour</dd>
      ${rate === "" ? "" : html`
        <dt>Rate</dt>
        <dd>${rate}</dd>
      `}
      <dt>Metrics</dt><dd><a href="${probe}">of this site only</a></dd>
    </dl>
  `;
}

function jobsInWords({ active, queued, oldest }: JobQueue, now: number): string {
  const counts = `${active} active, ${queued} queued`;
  if (!oldest) return counts;
  const { jobId, sinceMs, reason } = oldest;
  return `${counts}; job ${jobId} has been queued for ${inWords(now - sinceMs)}: ${reason}`;
}

function collectorTable(collectors: readonly CollectorSummary[], now: number): Html {
  return table({
    caption: "Collectors",
    columns: [
      ...["Collector", "State", "Last success"],
      ...["Rows", "Took", "Every"].map(numbers),
      "Next run",
    ],
    rows: collectors.map((collector) => collectorRow(collector, now)),
  });
}

function collectorRow(collector: CollectorSummary, now: number): Cell[] {
  const { name, about, lastSuccessAt, durationSeconds, intervalMs, failure } = collector;
  const status = collectorStatus(collector);
  return [
    html`${name}<br><span class="quiet">${about}</span>`,
    html`<span class="state ${status}">${status}</span>${
      failure
        ? html`
          <span class="quiet">${failure.reason}</span>
        `
        : ""
    }`,
    lastSuccessAt === undefined
      ? "never"
      : html`${ago(now - lastSuccessAt)}<br><span class="quiet">${time(lastSuccessAt)}</span>`,
    rowsOf(collector),
    durationSeconds === undefined ? "–" : runTime(durationSeconds),
    inWords(intervalMs),
    nextRun(collector, now),
  ];
}

/** NetBackup leaves out what a role may not see, so no rows may mean that a permission is missing. */
function rowsOf({ rows, everHadRows }: CollectorSummary): Html | string {
  if (rows === undefined) return "–";
  if (everHadRows) return rows.toLocaleString("en");
  return html`0<br><span class="quiet">missing permission?</span>`;
}

function nextRun({ running, nextRunAt, progress }: CollectorSummary, now: number): string {
  if (running && progress !== undefined) return `catching up: ${Math.floor(progress * 100)} %`;
  if (running) return "running";
  return nextRunAt === undefined ? "–" : ahead(nextRunAt - now);
}
