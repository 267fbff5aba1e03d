/**
 * The report as text for a terminal or a mail: a table of all sites, then each site.
 *
 * @module
 */
import { escapeControls } from "../../base/escape_controls.ts";
import { inWords, listed, utc } from "../pages/words.ts";
import { STATE_WORDS } from "../status/site_status.ts";
import type { Finding } from "../../site/findings/types.ts";
import { type MorningReport, needsAttention, type SiteReport } from "./report.ts";
import { slowJobsOf } from "./slow.ts";
import { failedClients, failuresByStatus } from "./success.ts";
import { headlineOf, overviewOf } from "./overview.ts";
import {
  bytes,
  count,
  expiryInWords,
  expiryKind,
  forecastInWords,
  gapInWords,
  statusInWords,
  STORE_WORDS,
  successInWords,
} from "./words.ts";

/** Rows of a part of a site; there is more in the other forms. */
const MAX_ROWS = 8;

/** Writes the report. */
export function reportText(report: MorningReport): string {
  const { now, fromMs, sites } = report;
  const head = [
    `NetBackup report of ${utc(now)}, since ${utc(fromMs)}`,
    headlineOf(report),
  ];
  const table = alignedTable([
    ["SITE", "STATE", "BACKUPS", "FAILED", "OVERDUE", "FULL IN", "NEXT EXPIRY", ""],
    ...sites.map((site) => {
      const { state, success, failed, overdue, full, expiry, complete } = overviewOf(site, now);
      const note = complete ? "" : "incomplete, see below";
      return [site.summary.site, state, success, failed, overdue, full, expiry, note];
    }),
  ]);
  return `${
    [...head, "", ...table, "", ...sites.flatMap((site) => siteLines(site, now))].join("\n")
  }`;
}

function siteLines(site: SiteReport, now: number): string[] {
  const { summary, state, problems, caveats, backups, findings } = site;
  const { jobs, overdue, space, expiries } = findings;
  const mark = needsAttention(site, now) ? "!" : " ";
  return [
    `${mark} ${escapeControls(summary.site)}: ${STATE_WORDS[state]}`,
    ...problems.flatMap(({ message, remedy, collectors }) => [
      `    ! ${escapeControls(`${listed(collectors)}: ${message}`)}`,
      `      What to do: ${escapeControls(remedy)}`,
    ]),
    ...caveats.map((caveat) => `    ! ${escapeControls(caveat)}`),
    ...(backups ? [`    Backups: ${successInWords(backups)}`] : []),
    ...jobLines(site),
    ...(jobs.value ? [] : ["    Jobs: not known"]),
    ...part(
      "Overdue",
      overdue,
      now,
      "none",
      (all) =>
        all.map(({ policy, clients }) =>
          `${policy}: ${count(clients)} ${clients === 1 ? "client" : "clients"}`
        ),
    ),
    ...part(
      "Space",
      space,
      now,
      "no disk storage with a size",
      (stores) =>
        stores.map(({ kind, name, free, used, forecast }) =>
          `${STORE_WORDS[kind]} ${name}: ${bytes(free)} of ${
            bytes(free + used)
          } free, days to full: ` +
          forecastInWords(forecast, now)
        ),
    ),
    ...part(
      "Expiry",
      expiries,
      now,
      "nothing",
      (all) =>
        all.map((expiry) =>
          `${expiryKind(expiry)} ${expiry.name}: ${expiryInWords(expiry.at, now)}, ${
            utc(expiry.at)
          }`
        ),
    ),
    "",
  ];
}

function jobLines({ findings, caveats }: SiteReport): string[] {
  const value = findings.jobs.value;
  if (!value) return [];
  const failed = failuresByStatus(value.counts).map(({ action, status, meaning, jobs }) => {
    const who = listed(failedClients(value, { action, status }), 3);
    return `${count(jobs)} × ${action} ${statusInWords(status, meaning)}${who ? ` (${who})` : ""}`;
  });
  const slow = slowJobsOf(findings).map((job) => {
    const { jobId, client, policy, action, durationMs, usual, overruns, outcome } = job;
    const time = outcome === "running"
      ? `running for ${inWords(durationMs)}`
      : `took ${inWords(durationMs)}`;
    const compared = usual === "" ? "" : `, usually ${usual}`;
    return `${
      overruns ? "! " : ""
    }${time}${compared}: job ${jobId}, ${action} of ${client}, policy ${policy}`;
  });
  return [
    ...rows("Failures", failed, caveats.length === 0 ? "none" : "none is known of"),
    ...(findings.running ? [] : ["    ! Slow: what is running now is not known"]),
    ...rows("Slow", slow, "no job with a duration is known of"),
  ];
}

function part<T>(
  title: string,
  { value, gaps }: Finding<readonly T[]>,
  now: number,
  none: string,
  lines: (value: readonly T[]) => string[],
): string[] {
  return [
    ...gaps.map((gap) => `    ! ${title}: ${escapeControls(gapInWords(gap, now))}`),
    ...(value === undefined ? [] : rows(title, lines(value), none)),
  ];
}

function rows(title: string, lines: readonly string[], none: string): string[] {
  if (lines.length === 0) return [`    ${title}: ${none}`];
  const more = lines.length - MAX_ROWS;
  return [
    `    ${title}:`,
    ...lines.slice(0, MAX_ROWS).map((line) => `      ${escapeControls(line)}`),
    ...(more > 0 ? [`      and ${count(more)} more`] : []),
  ];
}

function alignedTable(cells: readonly (readonly string[])[]): string[] {
  const safeCells = cells.map((row) => row.map(escapeControls));
  const widths =
    safeCells[0]?.map((_, column) =>
      Math.max(...safeCells.map((row) => row[column]?.length ?? 0))
    ) ?? [];
  return safeCells.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
}
