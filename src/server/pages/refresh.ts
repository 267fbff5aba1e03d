/**
 * Pages that load themselves anew.
 *
 * The header `Refresh` does it: a `meta` element could not be switched off by who reads slowly, so
 * that checkers of accessibility object to it. The link at the end of the page switches it off.
 *
 * @module
 */
import { html } from "hono/html";
import type { Html } from "./layout.ts";
import { utc } from "./words.ts";

/** After how many seconds a page is loaded anew. */
export const REFRESH_SECONDS = 30;

/** Value of the parameter `refresh` that switches it off. */
export const REFRESH_OFF = "off";

/**
 * How old the page is, with the switch.
 *
 * @param url Path and query of the page.
 * @param now Milliseconds since the epoch.
 */
export function refreshNote(url: URL, now: number): Html {
  const on = url.searchParams.get("refresh") !== REFRESH_OFF;
  const query = new URLSearchParams(url.searchParams);
  if (on) query.set("refresh", REFRESH_OFF);
  else query.delete("refresh");
  const other = query.size > 0 ? `${url.pathname}?${query}` : url.pathname;
  return html`
    <p>
      As of ${utc(now)}. ${on
        ? html`Refreshes every ${REFRESH_SECONDS} seconds. <a href="${other}">Stop refreshing</a>`
        : html`Does not refresh. <a href="${other}">Refresh every ${REFRESH_SECONDS} seconds</a>`}
    </p>
  `;
}
