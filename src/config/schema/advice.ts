/**
 * Warnings about single values that are valid but probably not intended.
 *
 * @module
 */
import { parseDuration } from "./duration.ts";
import type { Advice, Advise } from "./keys.ts";

/** API versions this exporter is tested with. */
const TESTED_API_VERSIONS: readonly string[] = ["14.0", "13.0", "12.0", "11.0", "10.0"];

/** Shorter intervals are allowed but probably not intended; in milliseconds. */
const SHORT_INTERVAL_MS = 10_000;

/** Longer than the API keys that NetBackup creates. */
const MAX_USUAL_KEY_LENGTH = 1024;

function doubtful(message: string): Advice {
  return { kind: "doubtful", message };
}

/** The first advice of several. */
export function anyOf(...all: readonly Advise[]): Advise {
  return (text) => {
    for (const advise of all) {
      const advice = advise(text);
      if (advice) return advice;
    }
    return undefined;
  };
}

/** An empty value counts as the default. */
export function emptyIs(byDefault: string): Advise {
  return (text) =>
    text.trim() === ""
      ? doubtful(`is empty, so ${byDefault} is used; write that, or remove the key`)
      : undefined;
}

/** An interval of seconds is probably one of minutes. */
export function shortInterval(text: string): Advice | undefined {
  const milliseconds = text.trim() === "" ? Infinity : parseDuration(text.trim());
  return milliseconds > 0 && milliseconds < SHORT_INTERVAL_MS
    ? doubtful("is below 10s, which puts load on the primaries; was a larger unit intended?")
    : undefined;
}

/** YAML 1.1 reads such a number as octal, the Go exporter as decimal. */
export function leadingZero(text: string): Advice | undefined {
  return /^0\d/.test(text.trim())
    ? doubtful("begins with 0 and is read as decimal; remove the 0")
    : undefined;
}

/** NetBackup does not listen on the ports of other services. */
export function primaryPort(text: string): Advice | undefined {
  const port = Number(text);
  return port < 1024 && port !== 443 && port !== 80
    ? doubtful("belongs to another service; NetBackup's REST API listens on 1556 or 443")
    : undefined;
}

/** Versions that were never tried. */
export function untestedApiVersion(text: string): Advice | undefined {
  return text.trim() === "" || TESTED_API_VERSIONS.includes(text.trim()) ? undefined : doubtful(
    `is not tested with this exporter (tested: ${TESTED_API_VERSIONS.join(", ")}); ` +
      "leave it empty to have the version detected",
  );
}

/** Texts that are probably not an API key. */
export function suspiciousApiKey(text: string): Advice | undefined {
  const key = text.trim();
  if (/^\$(\{|[A-Za-z_])/.test(key)) {
    return doubtful("looks like a variable that was not replaced; write ${NAME}");
  }
  if (/^(bearer|basic)\s/i.test(key)) {
    return doubtful("begins with an authorization scheme; NetBackup expects the key alone");
  }
  if (
    /^(change[-_ ]?me|<.*>|x{3,}|\*+|(your|my)?[-_ ]?(api[-_ ]?)?key|secret|password|todo)$/i.test(
      key,
    )
  ) {
    return doubtful("looks like a placeholder; create a key in the NetBackup web UI");
  }
  if (key.length > MAX_USUAL_KEY_LENGTH) {
    return doubtful("is longer than any NetBackup API key; does it come from another file?");
  }
  return undefined;
}
