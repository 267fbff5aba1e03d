/**
 * What several pages say about a site.
 *
 * @module
 */
import { html } from "hono/html";
import type { SiteSummary } from "../../site/summary.ts";
import type { SiteProblem } from "../status/problems.ts";
import { type SiteState, STATE_WORDS } from "../status/site_status.ts";
import type { Html } from "./layout.ts";
import { inWords, listed, utc } from "./words.ts";

/** So many are named, even where they are all of them. */
const FEW_COLLECTORS = 4;

/** The rate of a site that is polled less often, by factor. */
const RATES: ReadonlyMap<number, string> = new Map([
  [2, "half"],
  [4, "a quarter of"],
]);

/** The state of a site, and for how long it has been down. */
export function stateLabel(state: SiteState, downSince: number | undefined, now: number): Html {
  const duration = downSince === undefined ? "" : ` for ${inWords(now - downSince)}`;
  return html`<span class="state ${state}">${STATE_WORDS[state]}${duration}</span>`;
}

/**
 * A problem: what, since when, and what to do.
 *
 * @param collectors Number of collectors of the site.
 */
export function problemBlock(problem: SiteProblem, now: number, collectors: number): Html {
  const { message, remedy, since, collectors: names } = problem;
  const whose = names.length === collectors && names.length > FEW_COLLECTORS
    ? `all ${names.length} collectors`
    : listed(names);
  return html`
    <p><strong>${whose}</strong>: ${message}</p>
    <p><strong>What to do:</strong> ${remedy}</p>
    ${since === undefined
      ? ""
      : html`<p class="quiet">since ${time(since)}, for ${inWords(now - since)}</p>`}
  `;
}

/** A moment that programs can read as well. */
export function time(ms: number): Html {
  return html`<time datetime="${new Date(ms).toISOString()}">${utc(ms)}</time>`;
}

/** That a site is polled less often than planned, if it is. */
export function rateNote({ factor }: SiteSummary): string {
  const rate = RATES.get(factor);
  return rate ? `Collections run at ${rate} the usual rate until it responds.` : "";
}

/** How far a first read or a catch-up has come, if one goes on. */
export function catchingUp({ collectors }: Pick<SiteSummary, "collectors">): string {
  return collectors
    .flatMap(({ name, progress }) =>
      progress === undefined ? [] : [`${name} catching up: ${Math.floor(progress * 100)} %`]
    )
    .join(", ");
}
