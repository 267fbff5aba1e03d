/**
 * A report in short: a headline, and a row for each site.
 *
 * @module
 */
import type { Finding, GapProblem, SiteFindings } from "../../site/findings/types.ts";
import { STATE_WORDS } from "../status/site_status.ts";
import type { MorningReport, SiteReport } from "./report.ts";
import type { Success } from "./success.ts";
import { count, expiryInWords, forecastInWords, percent } from "./words.ts";

/** One site in the table of all; every field is text for people. */
export interface OverviewRow {
  readonly state: string;
  /** Part of the backups that succeeded. */
  readonly success: string;
  readonly failed: string;
  readonly overdue: string;
  /** Which storage is full first, and when. */
  readonly full: string;
  /** What expires next, and when. */
  readonly expiry: string;
  /** Whether the figures on jobs are those of the whole window. */
  readonly complete: boolean;
}

/** What stands where nothing is known: never a figure. */
const UNKNOWN = "not known";
const OFF = "not collected";

/** What an operator has decided, or NetBackup's release has, leaves no doubt about the rest. */
const ACCEPTED: readonly GapProblem[] = ["off", "unsupported", "empty"];

/** Sums up a site. */
export function overviewOf(site: SiteReport, now: number): OverviewRow {
  const { state, backups, findings, caveats } = site;
  const complete = caveats.length === 0;
  return {
    state: STATE_WORDS[state],
    success: backups ? successShown(backups, complete) : UNKNOWN,
    failed: failuresShown(findings, complete),
    overdue: shown(
      findings.overdue,
      (policies) => count(policies.reduce((sum, { clients }) => sum + clients, 0)),
    ),
    full: fullFirst(findings, now),
    expiry: shown(findings.expiries, ([next]) => next ? expiryInWords(next.at, now) : "nothing"),
    complete,
  };
}

/** A figure that looks good must not hide that it is not the whole. */
function successShown({ ratio }: Success, complete: boolean): string {
  if (ratio === undefined) return complete ? "no backup ended" : UNKNOWN;
  return complete ? percent(ratio) : `${percent(ratio)} of what is known`;
}

function failuresShown({ jobs: { value } }: SiteFindings, complete: boolean): string {
  if (value === undefined) return UNKNOWN;
  return `${complete ? "" : "at least "}${count(value.failureCount)}`;
}

function fullFirst({ space }: SiteFindings, now: number): string {
  return shown(space, (stores) => {
    const [first] = stores;
    if (!first) return "–";
    const { forecast } = first;
    // One store that was not watched for a day may fill up before all others.
    const unwatched = stores.some(({ forecast }) => forecast.kind === "no_history");
    if (forecast.kind === "not_growing" && unwatched) return "not enough history";
    return forecastInWords(forecast, now);
  });
}

function shown<T>({ value, gaps }: Finding<T>, show: (value: T) => string): string {
  if (value !== undefined) {
    const isWhole = gaps.every(({ problem }) => ACCEPTED.includes(problem));
    return isWhole ? show(value) : `${show(value)} of what is known`;
  }
  return gaps.some(({ problem }) => problem === "off") ? OFF : UNKNOWN;
}

/** What stands above a report. */
export function headlineOf({ sites }: MorningReport): string {
  const known = sites.filter(({ findings }) => findings.jobs.value !== undefined);
  const failed = known.reduce(
    (sum, { findings }) => sum + (findings.jobs.value?.failureCount ?? 0),
    0,
  );
  const down = sites.filter(({ state }) => state === "down").length;
  const incomplete = sites.filter(({ caveats }) => caveats.length > 0).length;
  const jobs = known.length === 0
    ? "nothing is known of any job"
    : failed === 0
    ? incomplete === 0 ? "no failed job" : "no failed job that is known of"
    : failed === 1
    ? "1 failed job"
    : `${count(failed)} failed jobs`;
  return [
    sites.length === 1 ? "1 site" : `${sites.length} sites`,
    ...(down > 0 ? [`${down} down`] : []),
    jobs,
    ...(incomplete > 0 ? [`${incomplete} incomplete`] : []),
  ].join(", ");
}
