/**
 * What has to be configured for collectors to read everything that they can of the simulated primary.
 *
 * @module
 */

/** By the names of the collectors, their own keys in the configuration. */
export const ALL_OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  certificates: { pendingRenewals: "true" },
  perClient: { allowlist: ["*"] },
  services: {
    servers: ["media01.example.com", "media02.example.com", "media03.example.com"],
  },
};
