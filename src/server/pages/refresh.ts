/**
 * Pages that refresh themselves.
 *
 * The header `Refresh` does it, with a link on the page that turns it off (WCAG 2.2.1). Accessibility
 * checkers reject a `meta` element for the same purpose: they cannot see that it can be turned off.
 *
 * @module
 */
import { html } from "hono/html";
import type { Html } from "./layout.ts";
import { utc } from "./words.ts";

/** Time between two refreshes, in seconds. */
export const REFRESH_SECONDS = 30;

/** Value of the parameter `refresh` that turns it off. */
export const REFRESH_OFF = "off";

/**
 * When the page was made, with the link that turns refreshing off or on.
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
