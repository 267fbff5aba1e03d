/**
 * Picks the transport of a site.
 *
 * @module
 */
import type { SiteConfig } from "../config/types.ts";
import { createFetchTransport } from "./fetch_transport.ts";
import { createInsecureTransport } from "./insecure_transport.ts";
import type { Transport } from "./transport.ts";
import { readWebCertificate } from "./web_certificate.ts";

/**
 * Makes the transport a site asks for: verification is skipped only with `insecureSkipVerify` and
 * `https`.
 *
 * @throws ClientConfigError When certificates or the proxy cannot be used.
 */
export function createTransport(site: SiteConfig): Transport {
  const transport = skipsVerification(site)
    ? createInsecureTransport(site)
    : createFetchTransport(site);
  if (site.scheme !== "https" || site.proxy) return transport;
  return { ...transport, webCertificate: (signal) => readWebCertificate(site, signal) };
}

/** Whether the site's certificate is not verified; plain HTTP has none. */
export function skipsVerification(site: SiteConfig): boolean {
  return site.insecureSkipVerify && site.scheme === "https";
}
