/**
 * What expires next on all sites, for the status page.
 *
 * @module
 */
import { html } from "hono/html";
import type { Expiry } from "../../../site/findings/types.ts";
import type { SiteReport } from "../../report/report.ts";
import { expiryInWords, expiryKind, expiryUrgency } from "../../report/words.ts";
import { sitePath } from "../../routes.ts";
import type { Html } from "../layout.ts";
import { time } from "../parts.ts";
import { table } from "../table.ts";
import { urgent } from "./part.ts";

/** The pages of the sites have all. */
const MAX_ROWS = 5;

/** A table of what expires first; nothing where no site knows of anything that does. */
export function expiresNext(sites: readonly SiteReport[], now: number): Html | "" {
  const soonest = sites
    .flatMap(({ summary: { site }, findings }) =>
      (findings.expiries.value ?? []).map((expiry): [string, Expiry] => [site, expiry])
    )
    .toSorted(([, a], [, b]) => a.at - b.at)
    .slice(0, MAX_ROWS);
  if (soonest.length === 0) return "";
  return html`
    <section aria-labelledby="expiries">
      <h2 id="expiries">Expires next</h2>
      ${table({
        caption: { headingId: "expiries" },
        columns: ["Site", "What", "Name", "Expires", "At"],
        rows: soonest.map(([site, expiry]) => [
          html`<a href="${sitePath(site)}">${site}</a>`,
          expiryKind(expiry),
          expiry.name || "–",
          urgent(expiryInWords(expiry.at, now), expiryUrgency(expiry.at, now)),
          time(expiry.at),
        ]),
      })}
    </section>
  `;
}
