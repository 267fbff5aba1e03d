/**
 * The usual transport: `fetch` over a `Deno.HttpClient`. TLS certificates are verified against the
 * built-in authorities *and* those of `caFile`.
 *
 * @module
 */
import { createRedactor } from "../base/redactor.ts";
import type { SiteConfig } from "../config/types.ts";
import { ClientConfigError } from "./errors.ts";
import { parseProxy, type Proxy } from "./proxy.ts";
import { messages, safeCause } from "./safe_text.ts";
import { POOL_IDLE_TIMEOUT_MS, POOL_MAX_IDLE, type Transport } from "./transport.ts";

/**
 * Makes a transport over `fetch`.
 *
 * @throws ClientConfigError When the certificates or the proxy cannot be used.
 */
export function createFetchTransport(site: SiteConfig): Transport {
  const client = createHttpClient(site);
  return {
    send({ url, method, headers, body, signal }) {
      // A followed redirect would carry the key to another place.
      const redirect = "manual";
      return fetch(url, {
        ...{ client, method, headers, signal, redirect },
        ...(body === undefined ? {} : { body }),
      });
    },
    close() {
      client.close();
    },
  };
}

function createHttpClient(site: SiteConfig): Deno.HttpClient {
  const proxy = site.proxy && parseProxy(site.site, site.proxy);
  const certificate = site.clientCertificate;
  try {
    return Deno.createHttpClient({
      poolMaxIdlePerHost: POOL_MAX_IDLE,
      poolIdleTimeout: POOL_IDLE_TIMEOUT_MS,
      ...(site.ca === undefined ? {} : { caCerts: [site.ca] }),
      ...(certificate && { cert: certificate.cert, key: certificate.key.reveal() }),
      ...(proxy && { proxy: denoProxy(proxy) }),
    });
  } catch (error) {
    const secrets = [certificate?.key, site.proxy].flatMap((secret) => secret?.reveal() ?? []);
    const { redact } = createRedactor(secrets);
    throw new ClientConfigError(
      site.site,
      `${redact(messages(error))}; check "caFile", "clientCertFile", "clientKeyFile" and "proxy"`,
      safeCause(error, redact),
    );
  }
}

function denoProxy(proxy: Proxy): Deno.Proxy {
  return {
    url: proxy.url,
    ...(proxy.credentials && { basicAuth: proxy.credentials }),
  };
}
