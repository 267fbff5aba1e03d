/**
 * Keys of one NetBackup primary: the entries of `nbuservers` and the old block `nbuserver`.
 *
 * @module
 */
import * as v from "valibot";
import {
  anyOf,
  emptyIs,
  leadingZero,
  primaryPort,
  suspiciousApiKey,
  untestedApiVersion,
} from "./advice.ts";
import { ignoredKey, key } from "./keys.ts";
import {
  apiKey,
  apiPath,
  apiVersion,
  bool,
  duration,
  host,
  oneOf,
  optionalText,
  port,
  proxyUrl,
  visibleText,
  wholeNumber,
} from "./leaves.ts";

/** Defaults of `retry.minWait` and `retry.maxWait`. */
export const DEFAULT_WAITS = { minWait: "5s", maxWait: "60s" } as const;

const retrySchema = v.object({
  maxAttempts: v.optional(
    key(wholeNumber(1, 100), "Tries of one request in all: 4 means one try and 3 retries."),
    "4",
  ),
  minWait: v.optional(
    key(
      duration({ min: "not-negative", atMostOneDay: true }),
      "Wait before the first retry; doubles with each further one.",
    ),
    DEFAULT_WAITS.minWait,
  ),
  maxWait: v.optional(
    key(
      duration({ min: "not-negative", atMostOneDay: true }),
      "Longest wait between two tries.",
    ),
    DEFAULT_WAITS.maxWait,
  ),
}, "a mapping");

/**
 * The keys of one primary.
 *
 * @param site Schema of the key `site`, which only the old block may leave out.
 */
function makeSiteSchema(
  site: v.GenericSchema<string | undefined, string | undefined>,
) {
  return v.pipe(
    v.object({
      site: key(site, "Name of the primary, unique; the value of the label `site`."),
      host: key(host(), "Host name or IP address of the primary server."),
      port: v.optional(
        key(port(), "Port of the NetBackup REST API.", { advise: anyOf(leadingZero, primaryPort) }),
        "1556",
      ),
      scheme: v.optional(key(oneOf("https", "http"), "https, or http for a test set-up."), "https"),
      uri: v.optional(
        key(apiPath(), "Path below which the REST API lives; / for none."),
        "/netbackup",
      ),
      apiKey: v.optional(
        key(apiKey(), "API key; this or apiKeyFile.", { advise: suspiciousApiKey }),
      ),
      apiKeyFile: v.optional(
        key(
          optionalText("a file name"),
          "File that holds the API key and nothing else; this or apiKey.",
          {
            file: "apiKey",
          },
        ),
      ),
      apiVersion: v.optional(
        key(apiVersion(), "API version to use, 14.0 for example; empty to have it detected.", {
          advise: untestedApiVersion,
        }),
        "",
      ),
      insecureSkipVerify: v.optional(
        key(
          bool(false),
          "true turns off the check of the primary's TLS certificate. Use caFile instead.",
          { advise: emptyIs("false") },
        ),
        "false",
      ),
      caFile: v.optional(
        key(
          optionalText("a file name"),
          "PEM file of the CA that signed the primary's certificate, or the response to `GET /netbackup/security/cacert`.",
          {
            file: "ca",
          },
        ),
      ),
      clientCertFile: v.optional(
        key(
          optionalText("a file name"),
          "PEM file of a client certificate; together with clientKeyFile.",
          {
            file: "certificate",
          },
        ),
      ),
      clientKeyFile: v.optional(
        key(
          optionalText("a file name"),
          "PEM file of the client certificate's private key, unencrypted.",
          {
            file: "privateKey",
          },
        ),
      ),
      proxy: v.optional(
        key(proxyUrl(), "Proxy for requests to this primary: http://, https:// or socks5://."),
      ),
      timeout: v.optional(
        key(duration({ min: "positive", atMostOneDay: true }), "Time limit of one request."),
        "60s",
      ),
      maxConcurrentRequests: v.optional(
        key(wholeNumber(1, 1000), "Requests in flight to this primary at the same time."),
        "4",
      ),
      retry: v.optional(key(retrySchema, "How failed requests are repeated."), {}),
      domain: ignoredKey("Of the Go exporter; does nothing."),
      domainType: ignoredKey("Of the Go exporter; does nothing."),
      contentType: ignoredKey("Of the Go exporter; does nothing."),
    }, "a mapping"),
    v.forward(
      v.partialCheck(
        [["apiKey"], ["apiKeyFile"]],
        (site) => site.apiKey !== undefined || site.apiKeyFile !== undefined,
        "an API key, in apiKey or in a file named by apiKeyFile",
      ),
      ["apiKey"],
    ),
    v.forward(
      v.partialCheck(
        [["apiKey"], ["apiKeyFile"]],
        (site) => site.apiKey === undefined || site.apiKeyFile === undefined,
        "apiKey or apiKeyFile, not both",
      ),
      ["apiKeyFile"],
    ),
    v.forward(
      v.partialCheck(
        [["clientCertFile"], ["clientKeyFile"]],
        (site) => site.clientCertFile === undefined || site.clientKeyFile !== undefined,
        "the file of the private key, as clientCertFile is set",
      ),
      ["clientKeyFile"],
    ),
    v.forward(
      v.partialCheck(
        [["clientCertFile"], ["clientKeyFile"]],
        (site) => site.clientKeyFile === undefined || site.clientCertFile !== undefined,
        "the file of the certificate, as clientKeyFile is set",
      ),
      ["clientCertFile"],
    ),
    v.forward(
      v.partialCheck(
        [["proxy"], ["insecureSkipVerify"], ["scheme"]],
        (site) => !site.proxy || !site.insecureSkipVerify || site.scheme === "http",
        "no proxy together with insecureSkipVerify: name the CA in caFile instead",
      ),
      ["proxy"],
    ),
  );
}

const siteName = visibleText("a name of its own for the primary");

/** An entry of `nbuservers`. */
export const siteSchema = makeSiteSchema(siteName);

/** The block `nbuserver`, whose `site` is its host unless given. */
export const singleSiteSchema = makeSiteSchema(v.optional(siteName));

/** One primary as the schema gives it. */
export type SiteInput = v.InferOutput<typeof siteSchema>;
