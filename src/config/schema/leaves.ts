/**
 * Valibot schemas of single values. Each takes the text of the file, gives the value, and fails
 * with exactly one issue whose message says what is expected.
 *
 * @module
 */
import * as v from "valibot";
import { DurationSyntaxError, parseDuration } from "./duration.ts";
import { headerValueFault } from "./header_value.ts";
import { hostFault, withoutBrackets } from "./host.ts";
import { metricsPathFault, pathFault } from "./http_path.ts";
import type { KeyNotes } from "./keys.ts";
import { Secret } from "../../base/secret.ts";
import { readOtlpHeaders } from "../../telemetry/tracing/headers.ts";

/** A schema of one value, from the text of the file. */
export type Leaf<T> = v.GenericSchema<string, T>;

/** Why a text does not fit; never quotes a secret. */
class Unfit {
  constructor(readonly reason: string | undefined = undefined) {}
}

function leaf<T>(expected: string, parse: (text: string) => T | Unfit): Leaf<T> {
  return v.pipe(
    v.string(expected),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const result = parse(dataset.value);
      if (!(result instanceof Unfit)) return result;
      const why = result.reason === undefined ? "" : ` (${result.reason})`;
      addIssue({ message: `${expected}${why}` });
      return NEVER;
    }),
  );
}

/** Fails with the fault that `check` finds, else gives what `value` makes of the text. */
function checked<T>(
  expected: string,
  check: (text: string) => string | undefined,
  value: (text: string) => T,
): Leaf<T> {
  return leaf(expected, (text) => {
    const fault = check(text);
    return fault === undefined ? value(text) : new Unfit(fault);
  });
}

/** Any text; empty counts as not given. */
export function optionalText(expected: string): Leaf<string | undefined> {
  return leaf(expected, (text) => text === "" ? undefined : text);
}

/** A text with something to see in it. */
export function visibleText(expected: string): Leaf<string> {
  return leaf(expected, (text) => text.trim() === "" ? new Unfit("it is empty") : text);
}

/** A whole number within bounds, decimal. */
export function wholeNumber(min: number, max: number): Leaf<number> {
  return leaf(`a whole number from ${min} to ${max}`, (text) => {
    if (!/^(0|[1-9]\d*)$/.test(text.trim())) return new Unfit();
    return within(Number(text), min, max);
  });
}

/** A port number. The Go exporter takes `09440` for 9440. */
export function port(): Leaf<number> {
  return leaf(
    "a whole number from 1 to 65535",
    (text) => /^\d{1,20}$/.test(text.trim()) ? within(Number(text), 1, 65_535) : new Unfit(),
  );
}

function within(value: number, min: number, max: number): number | Unfit {
  return value >= min && value <= max ? value : new Unfit();
}

/** A decimal number. */
export function decimal(): Leaf<number> {
  return leaf("a number", (text) => {
    const plain = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim());
    return plain ? Number(text) : new Unfit();
  });
}

const TRUE: ReadonlySet<string> = new Set(["true", "yes", "on", "y", "t", "1"]);
const FALSE: ReadonlySet<string> = new Set(["false", "no", "off", "n", "f", "0"]);

/**
 * A YAML 1.1 boolean, or the same as a text.
 *
 * @param whenEmpty What an empty text means; without, it is refused.
 */
export function bool(whenEmpty?: boolean): Leaf<boolean> {
  return leaf("true or false", (text) => {
    const word = text.trim().toLowerCase();
    if (word === "" && whenEmpty !== undefined) return whenEmpty;
    if (TRUE.has(word)) return true;
    return FALSE.has(word) ? false : new Unfit();
  });
}

/** One of a few words; capitals do not matter. */
export function oneOf<const W extends string>(...words: readonly W[]): Leaf<W> {
  return leaf(words.join(" or "), (text) => {
    const lower = text.trim().toLowerCase();
    return words.find((word) => word === lower) ?? new Unfit();
  });
}

/** Bounds of a duration. */
export interface DurationBounds {
  /** `positive`: above 0; `not-negative`: 0 as well; `interval`: 1 s or more. */
  readonly min: "positive" | "not-negative" | "interval";
  /** At most 24 hours: longer times do not fit into a timer. */
  readonly atMostOneDay?: boolean;
  /** What an empty text means; without, it is refused. */
  readonly whenEmpty?: string;
}

const MIN_DURATION_MS = { positive: Number.MIN_VALUE, "not-negative": 0, interval: 1000 } as const;
const MAX_TIMER_MS = 86_400_000;

/** A Go duration, in milliseconds. */
export function duration({ min, atMostOneDay = false, whenEmpty }: DurationBounds): Leaf<number> {
  const above = { positive: "above 0", "not-negative": "of 0 or more", interval: "of 1s or more" };
  const below = atMostOneDay ? " and at most 24h" : "";
  const expected = `a duration ${above[min]}${below} such as "30s", "5m" or "1h30m"`;
  return leaf(expected, (text) => {
    try {
      const milliseconds = parseDuration(text.trim() || (whenEmpty ?? ""));
      return within(milliseconds, MIN_DURATION_MS[min], atMostOneDay ? MAX_TIMER_MS : Infinity);
    } catch (error) {
      if (error instanceof DurationSyntaxError) return new Unfit(error.message);
      throw error;
    }
  });
}

/** Host name or address of a NetBackup primary, without brackets. */
export function host(): Leaf<string> {
  return checked(
    "a host name or an IP address",
    (text) => hostFault(text.trim()),
    (text) => withoutBrackets(text.trim()),
  );
}

/** Address to listen on; empty means all interfaces, as in Go's `:9440`. */
export function listenHost(): Leaf<string> {
  return checked(
    "an IP address or a host name to listen on",
    (text) => text.trim() === "" ? undefined : hostFault(text.trim()),
    (text) => text.trim() === "" ? "0.0.0.0" : withoutBrackets(text.trim()),
  );
}

/** Path of the metrics page. */
export function metricsPath(): Leaf<string> {
  return checked(
    "a path such as /metrics that is not one of the exporter's own pages",
    metricsPathFault,
    (text) => text,
  );
}

/** Path below which the API lives; without a slash at its end. */
export function apiPath(): Leaf<string> {
  return checked(
    "a path such as /netbackup",
    // The Go exporter takes an empty uri for the default.
    (text) => text === "" ? undefined : pathFault(text),
    (text) => text === "" ? "/netbackup" : text.replace(/\/$/, ""),
  );
}

/** Marks what must never be shown, so that no key can forget to. */
function secret<T>(schema: Leaf<T>): Leaf<T> {
  return v.pipe(schema, v.metadata({ secret: true } satisfies KeyNotes));
}

/** An API key. */
export function apiKey(): Leaf<Secret> {
  return secret(checked(
    "an API key in printable ASCII",
    headerValueFault,
    (text) => new Secret(text.trim()),
  ));
}

/** An API version, undefined for an empty text. */
export function apiVersion(): Leaf<string | undefined> {
  return leaf('an API version such as "14.0", or nothing to have it detected', (text) => {
    const version = text.trim();
    if (version === "") return undefined;
    if (!/^\d+\.\d+$/.test(version)) return new Unfit();
    return Number(version) < 1 ? new Unfit("the first version was 1.0") : version;
  });
}

/** A proxy URL, undefined for an empty text. */
export function proxyUrl(): Leaf<Secret | undefined> {
  return secret(leaf("a URL of a proxy, http://, https:// or socks5://", (text) => {
    const trimmed = text.trim();
    if (trimmed === "") return undefined;
    const url = URL.parse(trimmed);
    if (!url || !/^(https?|socks5):$/.test(url.protocol) || url.hostname === "") return new Unfit();
    return isDecodable(url.username) && isDecodable(url.password)
      ? new Secret(trimmed)
      : new Unfit("write % in its user name or password as %25");
  }));
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Headers for a receiver of traces, undefined for an empty text. */
export function otlpHeadersText(): Leaf<Secret | undefined> {
  return secret(leaf('headers such as "authorization=Bearer%20TOKEN,x-tenant=a"', (text) => {
    const { fault } = readOtlpHeaders(text);
    if (fault !== undefined) return new Unfit(fault);
    return text.trim() === "" ? undefined : new Secret(text);
  }));
}

/** The log file, undefined for standard output only. */
export function logName(): Leaf<string | undefined> {
  return leaf("a file name, or stdout", (text) => {
    const name = text.trim();
    return name === "" || name === "stdout" || name === "-" ? undefined : name;
  });
}
