/**
 * The proxy between the exporter and a primary.
 *
 * @module
 */
import type { Secret } from "../base/secret.ts";
import { ClientConfigError } from "./errors.ts";

/** A proxy with its credentials apart from its address. */
export interface Proxy {
  /** Address without credentials. */
  readonly url: string;
  readonly hostname: string;
  readonly port: number;
  readonly protocol: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/**
 * Takes a proxy URL apart.
 *
 * @throws ClientConfigError When it is not a URL; the text itself is not shown.
 */
export function parseProxy(site: string, secret: Secret): Proxy {
  let url: URL;
  let credentials: Proxy["credentials"];
  try {
    url = new URL(secret.reveal());
    credentials = url.username === "" ? undefined : {
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  } catch {
    throw new ClientConfigError(site, '"proxy" is not a URL like "http://proxy.example.com:3128"');
  }
  url.username = "";
  url.password = "";
  return {
    url: url.href,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port),
    protocol: url.protocol,
    credentials,
  };
}
