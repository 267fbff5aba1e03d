/**
 * The REST API of a primary: its version and its clock.
 *
 * @module
 */
import type { Clock } from "../../base/clock.ts";
import type { SiteConfig } from "../../config/types.ts";
import type { NetBackupClient, RequestContext } from "../../netbackup/api.ts";
import { failedWith, type Finding } from "./finding.ts";

/** A clock that is off by more shows jobs in the wrong look-back window; in milliseconds. */
const MAX_SKEW_MS = 60_000;

/** The version to go on with, undefined when the API cannot be reached. */
export interface VersionFinding {
  readonly version: string | undefined;
  readonly finding: Finding;
  /** What went wrong. */
  readonly error?: unknown;
}

/** Detects the version, also where one is configured: it shows what the primary speaks. */
export async function checkVersion(
  { apiVersion }: Pick<SiteConfig, "apiVersion">,
  client: NetBackupClient,
  context: RequestContext,
  clock: Clock,
): Promise<VersionFinding> {
  const check = "api";
  const begin = clock.monotonic();
  try {
    const detected = await client.detectVersion(context);
    const milliseconds = clock.monotonic() - begin;
    const version = apiVersion ?? detected;
    return version === detected
      ? { version, finding: { check, status: "ok", detail: `version ${version}`, milliseconds } }
      : {
        version,
        finding: {
          check,
          status: "warning",
          detail: `version ${version} is configured, and the primary offers ${detected}`,
          fix: 'Leave "apiVersion" empty to have the version detected.',
          milliseconds,
        },
      };
  } catch (error) {
    return {
      version: undefined,
      finding: failedWith(check, error, clock.monotonic() - begin),
      error,
    };
  }
}

/** Compares the clock of the primary, as its last response told it, with that of this machine. */
export function checkClock({ serverTime }: NetBackupClient, clock: Clock): Finding {
  const check = "clock";
  if (serverTime === undefined) {
    return { check, status: "skipped", detail: "the primary does not report its time" };
  }
  const ours = clock.now() - (clock.monotonic() - serverTime.monotonicMs);
  // The header is cut to seconds: half a second is the middle of what it can mean.
  const skewMs = serverTime.serverMs + 500 - ours;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const detail = seconds === 0
    ? "same time as this machine"
    : `the primary is ${seconds} s ${skewMs > 0 ? "ahead of" : "behind"} this machine`;
  return Math.abs(skewMs) > MAX_SKEW_MS
    ? { check, status: "warning", detail, fix: "Synchronize both clocks (NTP)." }
    : { check, status: "ok", detail };
}
