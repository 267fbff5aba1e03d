/**
 * The configuration that a running exporter has in effect.
 *
 * @module
 */
import type { Loaded } from "../app/load.ts";
import { systemClock } from "../base/clock.ts";
import { startDeadline } from "../base/deadline.ts";
import { messageOf } from "../base/message_of.ts";
import { basicAuthorization } from "./basic_auth.ts";
import type { CliIo } from "./io.ts";

/** How long the exporter may take to respond, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Addresses that stand for all, and where to reach what listens on them from this machine. */
const LOCAL: ReadonlyMap<string, string> = new Map([
  ["", "127.0.0.1"],
  ["0.0.0.0", "127.0.0.1"],
  ["::", "::1"],
]);

/** Where an exporter with this configuration is reached from its own machine. */
export function localUrl({ config, web }: Pick<Loaded, "config" | "web">): string {
  const { host, port } = config.server;
  const scheme = web.tls ? "https" : "http";
  const reached = LOCAL.get(host) ?? host;
  return `${scheme}://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}

/** A URL as it may be shown: without a password. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

/**
 * Asks a running exporter for its configuration.
 *
 * @param url Its base URL; a user and a password in it are sent as basic authentication.
 * @returns YAML, without secrets.
 * @throws Error When it does not respond with one.
 */
export async function fetchRunningConfig(
  url: string,
  { fetch, progress }: Pick<CliIo, "fetch" | "progress">,
): Promise<string> {
  const target = new URL(url);
  const { username, password } = target;
  target.username = target.password = "";
  target.pathname = `${target.pathname.replace(/\/$/, "")}/config`;
  const headers: Record<string, string> = { Accept: "text/plain" };
  if (username !== "") {
    headers["Authorization"] = basicAuthorization(
      decodeURIComponent(username),
      decodeURIComponent(password),
    );
  }
  progress?.(`asking ${target.host}`);
  try {
    using limit = startDeadline({
      clock: systemClock,
      milliseconds: TIMEOUT_MS,
      reason: () => new Error(`no response within ${TIMEOUT_MS / 1000} s`),
    });
    const response = await fetch(target.href, { headers, signal: limit.signal });
    const text = await response.text();
    if (response.ok) return text;
    throw new Error(`HTTP status ${response.status}`);
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(`cannot read the configuration in effect from ${target.href}: ${reason}`, {
      cause: error,
    });
  } finally {
    progress?.("");
  }
}
