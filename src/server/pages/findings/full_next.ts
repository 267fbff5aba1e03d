/**
 * Which storage of all sites is full next, for the status page.
 *
 * @module
 */
import { html } from "hono/html";
import type { StoreSpace } from "../../../site/findings/types.ts";
import type { SiteReport } from "../../report/report.ts";
import { bytes, forecastInWords, forecastUrgency, STORE_WORDS } from "../../report/words.ts";
import { sitePath } from "../../routes.ts";
import type { Html } from "../layout.ts";
import { numbers, table } from "../table.ts";
import { urgent } from "./part.ts";

/** The pages of the sites have all. */
const MAX_ROWS = 5;

/** A table of what is full within a month; nothing where there is none. */
export function fullNext(sites: readonly SiteReport[], now: number): Html | "" {
  const soonest = sites
    .flatMap(({ summary: { site }, findings }) =>
      (findings.space.value ?? []).map((store): [string, StoreSpace] => [site, store])
    )
    .filter(([, { forecast }]) => forecastUrgency(forecast, now) !== "later")
    .toSorted(([, a], [, b]) => fullAt(a) - fullAt(b))
    .slice(0, MAX_ROWS);
  if (soonest.length === 0) return "";
  return html`
    <section aria-labelledby="space">
      <h2 id="space">Full next</h2>
      ${table({
        caption: { headingId: "space" },
        columns: ["Site", "Kind", "Name", numbers("Free"), "Days to full"],
        rows: soonest.map(([site, { kind, name, free, forecast }]) => [
          html`<a href="${sitePath(site)}">${site}</a>`,
          ...[STORE_WORDS[kind], name, bytes(free)],
          urgent(forecastInWords(forecast, now), forecastUrgency(forecast, now)),
        ]),
      })}
    </section>
  `;
}

function fullAt({ forecast }: StoreSpace): number {
  return forecast.kind === "full_at" ? forecast.at : 0;
}
