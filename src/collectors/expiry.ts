/**
 * The one metric on everything that expires, which several collectors fill.
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";

/**
 * Filled beside the metrics of each collector, so that one alerting rule is enough. Each value of
 * `kind` belongs to one collector: two that filled the same series would make Prometheus refuse the
 * page.
 */
export const expiry = gauge(
  "nbu_expiry_timestamp_seconds",
  "Unix time at which a key, a certificate, a licence or a service contract expires",
  ["kind", "name"],
);
