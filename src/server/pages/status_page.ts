/**
 * The status page: all sites, those with problems first.
 *
 * @module
 */
import { html } from "hono/html";
import { sitePath } from "../routes.ts";
import type { ServerState } from "../state.ts";
import { countStates, headline, parseState, type StateCounts } from "../status/counts.ts";
import { lastReadAt, nextRunAt, SITE_STATES, type SiteState } from "../status/site_status.ts";
import { startOfHour } from "../../base/hours.ts";
import { type SiteReport, siteReport } from "../report/report.ts";
import { DEFAULT_WINDOW_MS } from "../report/window.ts";
import { expiresNext } from "./findings/expires_next.ts";
import { fullNext } from "./findings/full_next.ts";
import { type Html, layout } from "./layout.ts";
import { catchingUp, problemBlock, rateNote, stateLabel } from "./parts.ts";
import { refreshNote } from "./refresh.ts";
import { ago, ahead, utc } from "./words.ts";

/** Names of the states. */
const HEADINGS: Readonly<Record<SiteState, string>> = {
  down: "Down",
  degraded: "Up, with failures",
  starting: "Starting",
  up: "Up",
};

/** A part of the page. */
interface Section {
  readonly id: string;
  readonly heading: string;
  /** Whether a site belongs to it. */
  readonly has: (site: SiteReport) => boolean;
  /** Whether each site is shown with all that is wrong with it. */
  readonly inFull: boolean;
}

const hasProblems = ({ state, problems }: SiteReport) => state === "down" || problems.length > 0;

const SECTIONS: readonly Section[] = [
  { id: "problems", heading: "Problems", has: hasProblems, inFull: true },
  {
    id: "starting",
    heading: HEADINGS.starting,
    has: (site) => site.state === "starting" && !hasProblems(site),
    inFull: false,
  },
  { id: "up", heading: HEADINGS.up, has: ({ state }) => state === "up", inFull: false },
];

/**
 * Makes the page.
 *
 * @param url Its parameter `show` names the state whose sites are wanted.
 */
export function statusPage(state: ServerState, url: URL): Html {
  const { build, metricsPath } = state;
  const now = state.now();
  const from = startOfHour(now - DEFAULT_WINDOW_MS);
  const sites = state.sites().map((summary) => siteReport(summary, from, now));
  const counts = countStates(sites);
  const wanted = parseState(url.searchParams.get("show") ?? undefined);
  const shown = (wanted ? [wanted] : SITE_STATES)
    .flatMap((each) => sites.filter(({ state }) => state === each));
  return layout({
    title: counts.down > 0 ? `${counts.down} down` : headline(counts),
    build,
    metricsPath,
    main: html`
      <h1>${headline(counts)}</h1>
      ${reloadNotice(state, now)} ${filter(counts, wanted)} ${SECTIONS.map((each) =>
        section(each, shown, now)
      )} ${fullNext(shown, now)} ${expiresNext(shown, now)}
      ${sites.length === 0 ? html`<p>No site is configured.</p>` : ""}
    `,
    note: refreshNote(url, now),
  });
}

function reloadNotice(state: ServerState, now: number): Html | "" {
  const { successful, lastSuccessMs } = state.reloadStatus();
  if (successful) return "";
  return html`
    <p class="box notice" role="status">
      The last reload of the configuration failed: that of ${utc(lastSuccessMs)}
      (${ago(now - lastSuccessMs)}) stays in effect. The log says what is wrong.
    </p>
  `;
}

function filter(counts: StateCounts, wanted: SiteState | undefined): Html {
  const all = SITE_STATES.reduce((sum, state) => sum + counts[state], 0);
  const offered = SITE_STATES.filter((state) => counts[state] > 0 || state === wanted);
  const link = (href: string, text: string, current: boolean) =>
    current
      ? html`<li><a href="${href}" aria-current="page">${text}</a></li>`
      : html`<li><a href="${href}">${text}</a></li>`;
  return html`
    <nav class="filter" aria-label="Which sites are shown">
      <ul>
        ${link("/", `All: ${all}`, wanted === undefined)} ${offered.map((state) =>
          link(`/?show=${state}`, `${HEADINGS[state]}: ${counts[state]}`, state === wanted)
        )}
      </ul>
    </nav>
  `;
}

function section(
  { id, heading, has, inFull }: Section,
  shown: readonly SiteReport[],
  now: number,
): Html | "" {
  const sites = shown.filter(has);
  if (sites.length === 0) return "";
  return html`
    <section aria-labelledby="${id}">
      <h2 id="${id}">${heading}: ${sites.length}</h2>
      <ul class="grid ${inFull ? "cards" : "tiles"}">
        ${sites.map((site) => inFull ? card(site, now) : tile(site, now))}
      </ul>
    </section>
  `;
}

function card(report: SiteReport, now: number): Html {
  const { summary, state, problems } = report;
  const { site, baseUrl, downSince } = summary;
  const next = nextRunAt(summary);
  return html`
    <li class="box ${state}">
      <div class="head">
        <h3><a href="${sitePath(site)}">${site}</a></h3>
        ${stateLabel(state, downSince, now)}
        <span class="quiet">${baseUrl}</span>
      </div>
      ${problems.map((problem) => problemBlock(problem, now, summary.collectors.length))}
      <p class="quiet">
        ${next === undefined ? "A collection is running." : `Next collection ${ahead(next - now)}.`}
        ${rateNote(summary)} ${catchingUp(summary)} ${failuresNote(report)}
      </p>
    </li>
  `;
}

function tile(report: SiteReport, now: number): Html {
  const { summary, state } = report;
  const { site, baseUrl } = summary;
  const read = lastReadAt(summary);
  const progress = catchingUp(summary);
  const failures = failuresNote(report);
  return html`
    <li class="box ${state}">
      <div class="head">
        <h3><a href="${sitePath(site)}">${site}</a></h3>
        <span class="quiet">${read === undefined ? "not read yet" : ago(now - read)}</span>
      </div>
      <p class="quiet">${failures === "" ? "" : html`
        <strong>${failures}</strong>,
      `}${new URL(baseUrl).host}</p>
      ${progress === "" ? "" : html`<p class="quiet">${progress}</p>`}
    </li>
  `;
}

/** How many jobs failed in the last day, if any did. */
function failuresNote({ findings }: SiteReport): string {
  const jobs = findings.jobs.value?.failureCount ?? 0;
  return jobs === 0 ? "" : `${jobs} failed in a day`;
}
