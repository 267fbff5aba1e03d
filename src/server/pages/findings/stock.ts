/**
 * What runs out, on a page: space, and what expires; and whose backup is late.
 *
 * @module
 */
import { html } from "hono/html";
import { DAY_MS } from "../../../base/time_units.ts";
import type { Expiry, Finding, StoreSpace } from "../../../site/findings/types.ts";
import type { SiteReport } from "../../report/report.ts";
import {
  bytes,
  count,
  expiryInWords,
  expiryKind,
  expiryUrgency,
  forecastInWords,
  forecastUrgency,
  percent,
  STORE_WORDS,
} from "../../report/words.ts";
import type { Html } from "../layout.ts";
import { time } from "../parts.ts";
import { type Cell, numbers, table } from "../table.ts";
import { inWords } from "../words.ts";
import { findingPart, type PartPlace, urgent } from "./part.ts";

/** Free space, and when it is used up. */
export function space(
  { findings }: SiteReport,
  now: number,
  place: PartPlace,
  max = Infinity,
): Html {
  return findingPart(place, findings.space, now, (stores) => {
    if (stores.length === 0) return html`<p>No storage that has a size.</p>`;
    return html`
      ${table({
        caption: { headingId: place.id },
        columns: [
          ...["Name", "Kind"],
          ...["Free", "Of", "Used", "Growth"].map(numbers),
          "Days to full",
        ],
        rows: stores.slice(0, max).map((store) => storeRow(store, now)),
      })} ${more(stores, max)}
    `;
  });
}

function storeRow(store: StoreSpace, now: number): Cell[] {
  const { kind, name, free, used, forecast, growthPerDay, watchedMs } = store;
  const total = free + used;
  return [
    name,
    STORE_WORDS[kind],
    bytes(free),
    bytes(total),
    total > 0 ? percent(used / total) : "–",
    growthPerDay === undefined ? "–" : `${bytes(growthPerDay)} a day`,
    html`${
      urgent(forecastInWords(forecast, now), forecastUrgency(forecast, now))
    }<br><span class="quiet">${
      forecast.kind === "no_history"
        ? `watched for ${inWords(watchedMs)}, needs a day`
        : `by ${Math.min(7, Math.round(watchedMs / DAY_MS))} d of growth`
    }</span>`,
  ];
}

/** What expires, the soonest first. */
export function expiries(
  finding: Finding<readonly Expiry[]>,
  now: number,
  place: PartPlace,
  max = Infinity,
): Html {
  return findingPart(place, finding, now, (all) => {
    if (all.length === 0) return html`<p>Nothing that expires is known of.</p>`;
    return html`
      ${table({
        caption: { headingId: place.id },
        columns: ["What", "Name", "Expires", "At"],
        rows: all.slice(0, max).map((expiry) => [
          expiryKind(expiry),
          expiry.name || "–",
          urgent(expiryInWords(expiry.at, now), expiryUrgency(expiry.at, now)),
          time(expiry.at),
        ]),
      })} ${more(all, max)}
    `;
  });
}

/** Policies with clients whose backup is late. */
export function overdue({ findings }: SiteReport, now: number, place: PartPlace): Html {
  return findingPart(place, findings.overdue, now, (policies) => {
    if (policies.length === 0) return html`<p>No client is overdue.</p>`;
    return html`
      <ul>
        ${policies.map(({ policy, clients }) =>
          html`<li><strong>${policy}</strong>: ${count(clients)} ${
            clients === 1 ? "client" : "clients"
          }</li>`
        )}
      </ul>
    `;
  });
}

function more(all: readonly unknown[], max: number): Html | "" {
  const left = all.length - max;
  return left > 0 ? html`<p class="quiet">and ${count(left)} more on the page of the site</p>` : "";
}
