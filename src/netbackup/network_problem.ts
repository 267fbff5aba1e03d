/**
 * What an error of the network means, and what to do about it.
 *
 * @module
 */
import { NETWORK_RULES, type NetworkProblem } from "./network_rules.ts";

/** The way that a request took. */
export interface NetworkPath {
  readonly scheme: "http" | "https";
  /** The request went through a proxy, or was meant to. */
  readonly proxied: boolean;
}

const BROKEN: NetworkProblem = {
  reason: "network",
  hint:
    "the connection broke: if this lasts, look at the log of the NetBackup web services, and at " +
    "what is in between",
};

const BEHIND_PROXY: NetworkProblem = {
  reason: "proxy",
  hint: 'this is the proxy, not the primary: check "proxy", or HTTPS_PROXY in the environment',
};

/** Tells what the network's words mean. */
export function networkProblem(detail: string, path: NetworkPath): NetworkProblem {
  const found = NETWORK_RULES.find(({ words, scheme }) =>
    (scheme === undefined || scheme === path.scheme) && words.test(detail)
  );
  if (found === undefined) return BROKEN;
  const { reason, hint, permanent } = found;
  // With a proxy the name is looked up, and the connection made, to the proxy.
  if (path.proxied && !permanent && (reason === "dns" || reason === "connect")) return BEHIND_PROXY;
  return { reason, hint, ...(permanent && { permanent }) };
}

/** What changes from one failure to the next, or is said better by the place of the error. */
const NOISE = [
  /^fetch failed: /i,
  /error sending request( from \S+)? for (url \([^)]*\)|\S+( \([^)]*\))?): /gi,
  /client error \(\w+\): /gi,
  /: https:\/\/docs\.rs\/\S+/g,
  / - Local \([^)]*\)/g,
  // rustls tells by the second how long ago a certificate has expired.
  /: verification time \d+ \(UNIX\), but certificate is not valid (after|before) \d+( \([^)]*\))?/g,
];

/**
 * The network's words without the whole URL, the local port and what else differs each time: a
 * failure that repeats itself must read the same, to be recognized.
 */
export function withoutNoise(words: string): string {
  return NOISE.reduce((text, noise) => text.replace(noise, ""), words);
}
