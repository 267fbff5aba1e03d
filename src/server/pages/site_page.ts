/**
 * The page of one site: what is wrong, and every collector.
 *
 * @module
 */
import { html } from "hono/html";
import type { CollectorSummary, JobQueue, SiteSummary } from "../../site/summary.ts";
import { ROUTES } from "../routes.ts";
import type { ServerState } from "../state.ts";
import { collectorStatus, siteStatus } from "../status/site_status.ts";
import { type Html, layout } from "./layout.ts";
import { problemBlock, rateNote, STATE_WORDS, stateLabel, time } from "./parts.ts";
import { refreshNote } from "./refresh.ts";
import { ago, ahead, inWords, runTime } from "./words.ts";

/** Makes the page. */
export function sitePage(state: ServerState, summary: SiteSummary, url: URL): Html {
  const { build, metricsPath } = state;
  const now = state.now();
  const { state: siteState, problems } = siteStatus(summary);
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
      ${collectorTable(collectors, now)}
    `,
    note: refreshNote(url, now),
  });
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

/** The roles are those that the elements have: a phone's layout would take them away. */
function collectorTable(collectors: readonly CollectorSummary[], now: number): Html {
  const head = (text: string, kind = "") =>
    html`<th role="columnheader" scope="col" class="${kind}">${text}</th>`;
  return html`
    <table role="table">
      <caption>Collectors</caption>
      <thead role="rowgroup">
        <tr role="row">
          ${head("Collector")} ${head("State")} ${head("Last success")} ${head("Rows", "number")}
          ${head("Took", "number")} ${head("Every", "number")} ${head("Next run")}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${collectors.map((collector) => collectorRow(collector, now))}
      </tbody>
    </table>
  `;
}

function collectorRow(collector: CollectorSummary, now: number): Html {
  const { name, about, lastSuccessAt, durationSeconds, intervalMs, failure } = collector;
  const status = collectorStatus(collector);
  const cell = (label: string, content: Html | string, kind = "") =>
    html`<td role="cell" data-label="${label}" class="${kind}">${content}</td>`;
  const state = html`<span class="state ${status}">${status}</span>${
    failure
      ? html`
        <span class="quiet">${failure.reason}</span>
      `
      : ""
  }`;
  return html`
    <tr role="row">
      <th role="rowheader" scope="row">${name}<br><span class="quiet">${about}</span></th>
      ${cell("State", state)}
      ${cell(
        "Last success",
        lastSuccessAt === undefined
          ? "never"
          : html`${ago(now - lastSuccessAt)}<br><span class="quiet">${time(lastSuccessAt)}</span>`,
      )}
      ${cell("Rows", rowsOf(collector), "number")}
      ${cell("Took", durationSeconds === undefined ? "–" : runTime(durationSeconds), "number")}
      ${cell("Every", inWords(intervalMs), "number")}
      ${cell("Next run", nextRun(collector, now))}
    </tr>
  `;
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
