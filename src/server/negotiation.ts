/**
 * Which format and which content coding a client wants.
 *
 * @see RFC 9110, section 12.5
 * @module
 */
import { parseAccept } from "hono/utils/accept";
import type { Format } from "../metrics/types.ts";
import type { Encoding } from "../metrics/page/page.ts";

/** Value of `Vary` of whatever is negotiated here. */
export const VARY = "Accept, Accept-Encoding";

interface Offer {
  readonly type: string;
  readonly version: string;
}

const TEXT: Offer = { type: "text/plain", version: "0.0.4" };
const OPENMETRICS: Offer = { type: "application/openmetrics-text", version: "1.0.0" };

interface Match {
  /** How much the client wants it, 0..1; 0 = not at all. */
  readonly q: number;
  /** How exactly it is named. */
  readonly specificity: number;
}

/**
 * Chooses the format: text 0.0.4, unless the client prefers OpenMetrics 1.0.0.
 *
 * @param accept Header `Accept`; null or whatever cannot be served gives text.
 */
export function negotiateFormat(accept: string | null): Format {
  const ranges = parseAccept(accept ?? "");
  const text = bestMatch(ranges, TEXT);
  const openMetrics = bestMatch(ranges, OPENMETRICS);
  if (openMetrics.q !== text.q) return openMetrics.q > text.q ? "openmetrics" : "text";
  return openMetrics.q > 0 && openMetrics.specificity > text.specificity ? "openmetrics" : "text";
}

/**
 * Chooses the content coding: gzip where it is accepted and nothing plain is preferred.
 *
 * @param acceptEncoding Header `Accept-Encoding`; null gives plain bytes.
 */
export function negotiateEncoding(acceptEncoding: string | null): Encoding {
  const codings = parseAccept((acceptEncoding ?? "").toLowerCase());
  const find = (name: string) => codings.find(({ type }) => type === name)?.q;
  const gzip = find("gzip") ?? find("x-gzip") ?? find("*") ?? 0;
  return gzip > 0 && gzip >= (find("identity") ?? 0) ? "gzip" : "identity";
}

/**
 * Whether a client would rather have a page than text: browsers name HTML, programs accept anything.
 *
 * @param accept Header `Accept`.
 */
export function prefersHtml(accept: string | null): boolean {
  const ranges = parseAccept(accept ?? "");
  const find = (name: string) => ranges.find(({ type }) => type.toLowerCase() === name)?.q ?? 0;
  const html = find("text/html");
  return html > 0 && html >= find("text/plain");
}

/** The most specific range that covers the offer decides, as RFC 9110 12.5.1 says. */
function bestMatch(ranges: ReturnType<typeof parseAccept>, offer: Offer): Match {
  let best: Match = { q: 0, specificity: -1 };
  for (const { type, params, q } of ranges) {
    const specificity = specificityOf(type.toLowerCase(), params["version"], offer);
    if (specificity > best.specificity) best = { q, specificity };
  }
  return best;
}

function specificityOf(type: string, version: string | undefined, offer: Offer): number {
  if (type === offer.type) {
    if (version === undefined) return 2;
    return version === offer.version ? 3 : -1;
  }
  if (type === "*/*") return 0;
  return type.endsWith("/*") && offer.type.startsWith(type.slice(0, -1)) ? 1 : -1;
}
