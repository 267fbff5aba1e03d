/**
 * One finding on a page: a heading, what it lacks, and what is known.
 *
 * @module
 */
import { html } from "hono/html";
import type { Finding } from "../../../site/findings/types.ts";
import { gapInWords, type Urgency } from "../../report/words.ts";
import type { Html } from "../layout.ts";

/** Where a finding stands. */
export interface PartPlace {
  /** Id of the heading, once on the page. */
  readonly id: string;
  readonly title: string;
  /** Level of the heading. */
  readonly level: 2 | 3;
}

/**
 * Makes the part of a page.
 *
 * @param known Shows what is known; not called where nothing is.
 * @param caveats What is to be said before.
 */
export function findingPart<T>(
  { id, title, level }: PartPlace,
  { value, gaps }: Finding<T>,
  now: number,
  known: (value: T) => Html | "",
  caveats: readonly string[] = [],
): Html {
  const unknown = gaps.length + caveats.length > 0 ? "" : html`<p>Not known.</p>`;
  const content = html`
    ${gaps.map((gap) =>
      html`<p class="${gap.problem === "off" ? "quiet" : "missing"}">${gapInWords(gap, now)}</p>`
    )} ${caveats.map((caveat) => html`<p class="missing">${caveat}</p>`)}
    ${value === undefined ? unknown : known(value)}
  `;
  // A landmark for each part of each site would be too many to find the way by.
  return level === 2
    ? html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`
    : html`<div class="part"><h3 id="${id}">${title}</h3>${content}</div>`;
}

/** A text that is as loud as it is urgent; what it says does not depend on its colour. */
export function urgent(text: string, urgency: Urgency): Html {
  return html`<span class="urgency ${urgency}">${text}</span>`;
}
