/**
 * The one metric on everything that expires, which several collectors fill.
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";

/** Filled beside the metrics of each collector, so that one alerting rule is enough. */
export const expiry = gauge(
  "nbu_expiry_timestamp_seconds",
  "Unix time at which a key, a certificate, a licence or a service contract expires",
  ["kind", "name"],
);

/**
 * Values of its label `kind`. Each belongs to one collector: two that filled the same series would
 * make Prometheus refuse the page.
 */
export const EXPIRY_KINDS = {
  apiKey: "api_key",
  certificateAuthority: "certificate_authority",
  entitlement: "entitlement",
  externalCertificate: "external_certificate",
  hostCertificate: "host_certificate",
  serviceContract: "service_contract",
  webCertificate: "web_certificate",
} as const;
