/**
 * Load on a URL by wrk.
 *
 * @module
 */
import type { Encoding } from "./page.ts";

/** What came back under load. */
export interface Load {
  /** Responses with a status of 2xx or 3xx, a second. */
  readonly perSecond: number;
  /** Responses with any other status, and connections that failed. */
  readonly failed: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Has this many clients ask one after the other, each on a connection of its own.
 *
 * @throws Error When wrk fails.
 */
export async function load(
  url: string,
  encoding: Encoding,
  clients: number,
  seconds: number,
): Promise<Load> {
  const { success, stdout } = await new Deno.Command("wrk", {
    args: [
      "--threads=1",
      `--connections=${clients}`,
      `--duration=${seconds}s`,
      "--timeout=30s",
      "--latency",
      `--header=Accept-Encoding: ${encoding}`,
      url,
    ],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`wrk failed for ${url}`);
  return parseWrk(new TextDecoder().decode(stdout));
}

/** Reads what wrk prints. @throws Error When a figure is missing. */
export function parseWrk(text: string): Load {
  const one = (pattern: RegExp): string => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`wrk printed no ${pattern}:\n${text}`);
    return found;
  };
  const [, requests = "", duration = ""] = /(\d+) requests in ([\d.]+(?:us|ms|s|m)),/.exec(text) ??
    [];
  const badStatus = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/
    .exec(text)?.slice(1).reduce((sum, count) => sum + Number(count), 0) ?? 0;
  return {
    perSecond: (Number(requests) - badStatus) / (milliseconds(duration) / 1000),
    failed: badStatus + socketErrors,
    p50: milliseconds(one(/^ +50% +(\S+) *$/m)),
    p99: milliseconds(one(/^ +99% +(\S+) *$/m)),
  };
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

function milliseconds(text: string): number {
  const [, number, unit = ""] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new Error(`wrk printed a time like "${text}"`);
  return Number(number) * factor;
}
