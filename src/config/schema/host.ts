/**
 * Host names, addresses and the URL made of them.
 *
 * @module
 */
import { isIP, isIPv6 } from "node:net";

/** What is wrong with a host, or undefined if nothing is. */
export function hostFault(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (/\s/.test(text)) return "it has a space in it";
  if (text.includes("://")) return "leave the scheme to the key scheme";
  if (text.includes("@")) return "it has a user name in it";
  if (/[/?#\\]/.test(text)) return "it has a path in it";
  const host = withoutBrackets(text);
  if (isIP(host) !== 0) return host.includes("%") ? "it has a zone in it" : undefined;
  if (/^[^:]+:\d+$/.test(text)) return "leave the port to the key port";
  if (/^[\d.]+$/.test(host)) return "it is not a complete IPv4 address";
  if (!/^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u.test(host) || host.includes("..")) {
    return "it has a character no host name has";
  }
  // Punycode and mixed scripts have rules of their own, which the URL parser knows.
  return URL.canParse(`http://${host}/`) ? undefined : "it is no valid internationalized name";
}

/** The host without the brackets an IPv6 address may have. */
export function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

/**
 * Makes `scheme://host:port/path`.
 *
 * @throws {TypeError} If the parts make no URL.
 */
export function makeBaseUrl(scheme: string, host: string, port: number, path: string): string {
  const url = `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}${path}`;
  // Only asked whether it is one: the URL object would drop a default port.
  new URL(url);
  return url;
}

/** What is wrong with `host:port`, or undefined if nothing is. */
export function endpointFault(text: string): string | undefined {
  const colon = text.lastIndexOf(":");
  if (colon === -1) return "it has no port";
  const port = text.slice(colon + 1);
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
    return "the port is not a number from 1 to 65535";
  }
  return hostFault(text.slice(0, colon));
}
