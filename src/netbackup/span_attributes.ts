/**
 * Attributes of the spans of requests, by OpenTelemetry's semantic conventions for HTTP clients.
 *
 * @module
 */
import type { Attributes } from "@opentelemetry/api";
import type { Query } from "./api.ts";
import type { ErrorPlace } from "./errors.ts";
import { methodOf, type SendRequest } from "./send.ts";

/** Of one request of a collector: a page of a list, say, however often it is sent. */
export function requestAttributes(place: ErrorPlace, query: Query = {}): Attributes {
  return {
    "nbu.site": place.site,
    "url.template": place.endpoint,
    ...pageAttribute("nbu.page.offset", query["page[offset]"]),
    ...pageAttribute("nbu.page.limit", query["page[limit]"]),
  };
}

function pageAttribute(name: string, value: string | number | undefined): Attributes {
  return value === undefined ? {} : { [name]: value };
}

/**
 * Of one HTTP exchange. The URL is without its query, which names clients and policies.
 *
 * @param attempt Number of the try, from 1.
 */
export function spanAttributes(request: SendRequest, attempt: number): Attributes {
  const { place, url } = request;
  const { origin, pathname, hostname, port, protocol } = new URL(url);
  return {
    "http.request.method": methodOf(request),
    ...(attempt > 1 ? { "http.request.resend_count": attempt - 1 } : {}),
    // An IPv6 address has brackets in a URL only.
    "server.address": hostname.replace(/^\[|\]$/g, ""),
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
    "url.full": `${origin}${pathname}`,
    "url.template": place.endpoint,
    "nbu.site": place.site,
  };
}
