/**
 * Picks the transport of a site.
 *
 * @module
 */
import type { SiteConfig } from "../config/types.ts";
import { createFetchTransport } from "./fetch_transport.ts";
import { createInsecureTransport } from "./insecure_transport.ts";
import type { Transport } from "./transport.ts";

/**
 * Makes the transport a site asks for: certificates are skipped only with `insecureSkipVerify` and
 * `https`; plain HTTP has none to skip.
 *
 * @throws ClientConfigError When certificates or the proxy cannot be used.
 */
export function createTransport(site: SiteConfig): Transport {
  return site.insecureSkipVerify && site.scheme === "https"
    ? createInsecureTransport(site)
    : createFetchTransport(site);
}
