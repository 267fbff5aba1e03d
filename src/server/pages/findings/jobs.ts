/**
 * The jobs of the last night on a page: which failed, and which took long.
 *
 * @module
 */
import { html } from "hono/html";
import type { FailedJob, JobOutcomes } from "../../../site/findings/types.ts";
import type { SiteReport } from "../../report/report.ts";
import { slowJobsOf } from "../../report/slow.ts";
import { failedClients, failuresByStatus } from "../../report/success.ts";
import { count, statusInWords, successInWords } from "../../report/words.ts";
import type { Html } from "../layout.ts";
import { time } from "../parts.ts";
import { type Cell, numbers, table, words } from "../table.ts";
import { ago, inWords, listed } from "../words.ts";
import { findingPart, type PartPlace, urgent } from "./part.ts";

/** Failed jobs on the page of a site; the CSV has more. */
const MAX_FAILURES = 50;

/** Clients named beside a status. */
const MAX_CLIENTS = 3;

/** The failed jobs of a site, each in words. */
export function failedJobs(site: SiteReport, now: number, place: PartPlace): Html {
  const { findings: { jobs }, backups, caveats } = site;
  return findingPart(
    place,
    { ...jobs, gaps: [] },
    now,
    (value) =>
      html`
        <p>Since ${time(value.fromMs)}. ${backups ? `Backups: ${successInWords(backups)}.` : ""}</p>
        ${value.failures.length === 0 ? noFailure(site) : failureTable(value, now, place.id)}
      `,
    caveats,
  );
}

function noFailure({ caveats }: SiteReport): Html {
  return html`<p>${caveats.length > 0 ? "No failed job is known of." : "No job has failed."}</p>`;
}

function failureTable(
  { failures, failureCount }: JobOutcomes,
  now: number,
  headingId: string,
): Html {
  // What nobody has made up for yet comes first.
  const open = failures.filter(({ recoveredMs }) => recoveredMs === undefined);
  const closed = failures.filter(({ recoveredMs }) => recoveredMs !== undefined);
  const shown = [...open, ...closed].slice(0, MAX_FAILURES);
  return html`
    <p>
      ${count(failureCount)} failed${closed.length === 0
        ? ""
        : `; for ${
          count(closed.length)
        } of them a later job of the same client, policy and schedule succeeded`}.
      ${shown.length < failureCount ? `The ${shown.length} that matter most are shown.` : ""}
    </p>
    ${table({
      caption: { headingId },
      columns: ["Client", "Policy", ...["Job", "What"].map(words), "Status", "Ended", "Since then"],
      rows: shown.map((job) => failureRow(job, now)),
    })}
  `;
}

function failureRow(job: FailedJob, now: number): Cell[] {
  const { client, policy, jobId, action, status, meaning, endMs, recoveredMs } = job;
  return [
    client || "–",
    policy || "–",
    String(jobId),
    action,
    statusInWords(status, meaning),
    html`${ago(now - endMs)}<br><span class="quiet">${time(endMs)}</span>`,
    recoveredMs === undefined ? "no success" : html`succeeded ${ago(now - recoveredMs)}`,
  ];
}

/** The statuses that jobs failed with. */
export function topFailures(site: SiteReport, now: number, place: PartPlace): Html {
  return findingPart(place, { ...site.findings.jobs, gaps: [] }, now, (value) => {
    const statuses = failuresByStatus(value.counts);
    if (statuses.length === 0) {
      return noFailure(site);
    }
    return table({
      caption: { headingId: place.id },
      columns: ["Status", words("What"), numbers("Jobs"), "Clients"],
      rows: statuses.map(({ action, status, meaning, jobs }) => [
        statusInWords(status, meaning),
        action,
        count(jobs),
        listed(failedClients(value, { action, status }), MAX_CLIENTS) || "–",
      ]),
    });
  });
}

/** Running jobs, those that took much longer than usual, and those that took longest. */
export function slowJobs({ findings }: SiteReport, now: number, place: PartPlace): Html {
  const jobs = slowJobsOf(findings);
  const unknown = findings.running === undefined
    ? html`<p class="missing">What is running now is not known.</p>`
    : "";
  const shown = jobs.length === 0 ? html`<p>No job with a duration is known of.</p>` : table({
    caption: { headingId: place.id },
    columns: [
      ...["Client", "Policy"],
      ...["Job", "What"].map(words),
      ...["Time", "Usually"].map(numbers),
      "Status",
    ],
    rows: jobs.map(({ client, policy, jobId, action, durationMs, usual, overruns, outcome }) => [
      ...[client || "–", policy || "–", String(jobId), action],
      overruns ? urgent(inWords(durationMs), "soon") : inWords(durationMs),
      ...[usual || "–", overruns ? `${outcome}, much longer than usual` : outcome],
    ]),
  });
  return findingPart(
    place,
    { ...findings.jobs, value: jobs, gaps: [] },
    now,
    () => html`${unknown}${shown}`,
  );
}
