/**
 * Findings in words, for every form of the report.
 *
 * @module
 */
import { DAY_MS } from "../../base/time_units.ts";
import type { Expiry, Forecast, Gap, StoreKind } from "../../site/findings/types.ts";
import { inWords, utc } from "../pages/words.ts";
import type { Success } from "./success.ts";

/** Kinds of storage. */
export const STORE_WORDS: Readonly<Record<StoreKind, string>> = {
  disk_pool: "disk pool",
  storage_unit: "storage unit",
};

const EXPIRY_WORDS: ReadonlyMap<string, string> = new Map([
  ["api_key", "API key of the exporter"],
  ["certificate_authority", "certificate authority"],
  ["entitlement", "licence"],
  ["host_certificate", "certificate of host"],
  ["service_contract", "service contract"],
  ["web_certificate", "certificate of web server"],
]);

/** How urgent something is. */
export type Urgency = "late" | "soon" | "later";

/** What expires. */
export function expiryKind({ kind }: Expiry): string {
  return EXPIRY_WORDS.get(kind) ?? kind.replaceAll("_", " ");
}

/** What is missing from a finding, and what to do about it, as sentences. */
export function gapInWords(gap: Gap, now: number): string {
  const name = `"${gap.collector}"`;
  const since = gap.since === undefined ? "" : ` for ${inWords(now - gap.since)}`;
  switch (gap.problem) {
    case "off":
      return `Not collected: the collector ${name} is off; collectors.${gap.collector}.enabled: true ` +
        "switches it on.";
    case "waiting":
      return `Not read yet: the first run of the collector ${name} has not ended.`;
    case "failed":
      // Why is said once for all collectors that fail for the same reason: see the problems.
      return `The collector ${name} has failed${since}.`;
    case "stale": {
      const at = gap.since === undefined ? "" : ` of ${utc(gap.since)}`;
      return `The last result${at} of the collector ${name} is too old.`;
    }
    case "unsupported":
      return `This release of NetBackup lacks what the collector ${name} reads.`;
    case "empty":
      return `The collector ${name} has found no rows so far: there are none, or the role of the ` +
        "API key lacks a permission.";
    case "catching_up":
      return `The collector ${name} is catching up: ${percent(gap.progress ?? 0)}.`;
  }
}

/** When something expires: `in 12 d`, `expired 3 d ago`. */
export function expiryInWords(at: number, now: number): string {
  return at <= now ? `expired ${inWords(now - at)} ago` : `in ${inWords(at - now)}`;
}

/** How urgent it is that something expires. */
export function expiryUrgency(at: number, now: number): Urgency {
  const days = (at - now) / DAY_MS;
  if (days < 7) return "late";
  return days < 30 ? "soon" : "later";
}

/** When storage is full. */
export function forecastInWords(forecast: Forecast, now: number): string {
  switch (forecast.kind) {
    case "full":
      return "full";
    case "full_at":
      return daysInWords(forecast.at - now);
    case "not_growing":
      return "does not grow";
    case "no_history":
      return "not enough history";
  }
}

/** How urgent it is that storage gets full. */
export function forecastUrgency(forecast: Forecast, now: number): Urgency {
  if (forecast.kind === "full") return "late";
  return forecast.kind === "full_at" ? expiryUrgency(forecast.at, now) : "later";
}

function daysInWords(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days < 1) return "less than a day";
  return days === 1 ? "1 day" : `${days.toLocaleString("en")} days`;
}

/** A part as a percentage, rounded down: what is not all is not 100 %. */
export function percent(ratio: number): string {
  return `${(Math.floor(ratio * 1000 + 1e-9) / 10).toFixed(1)} %`;
}

/** How jobs ended: `97.3 % succeeded: 146 of 150; 3 failed, 1 missed its window`. */
export function successInWords(success: Success): string {
  const { succeeded, partial, failed, missedWindow, cancelled, ratio } = success;
  const others = [
    [partial, "in part only"],
    [failed, "failed"],
    [missedWindow, "missed the backup window"],
    [cancelled, "cancelled"],
  ] as const;
  const details = others.filter(([jobs]) => jobs > 0).map(([jobs, what]) =>
    `${count(jobs)} ${what}`
  );
  const lead = ratio === undefined
    ? "none is known to have succeeded or failed"
    : `${percent(ratio)} succeeded, ${count(succeeded)} of ${
      count(succeeded + failed + missedWindow)
    }`;
  return details.length === 0 ? lead : `${lead}: ${details.join(", ")}`;
}

/** A number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** A size in binary units: `1.5 TiB`. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let rest = Math.abs(value);
  let unit = 0;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  const digits = unit === 0 || rest >= 100 ? 0 : 1;
  return `${value < 0 ? "−" : ""}${rest.toFixed(digits)} ${units[unit]}`;
}

/** A status code with its meaning. */
export function statusInWords(status: number | undefined, meaning: string): string {
  if (status === undefined) return "other statuses";
  return meaning === "" ? `status ${status}` : `${status}: ${meaning}`;
}
