/**
 * What the checks of `doctor` find.
 *
 * @module
 */
import { messageOf } from "../../base/message_of.ts";
import { NetBackupError, REASON_TABLE } from "../../netbackup/errors.ts";

/** How a check ended. `skipped`: it could not be made, or there is nothing to check. */
export type FindingStatus = "ok" | "warning" | "failed" | "skipped";

/** What one check found. */
export interface Finding {
  /** What was checked: `name`, `tls`, the name of a collector. */
  readonly check: string;
  readonly status: FindingStatus;
  /** What was found, in words. */
  readonly detail: string;
  /** What to do about it; undefined where nothing is to be done. */
  readonly fix?: string | undefined;
  /** How long the check took, in milliseconds. */
  readonly milliseconds?: number | undefined;
}

/** All that was found out about one primary. */
export interface SiteFindings {
  readonly site: string;
  /** Base URL of the primary. */
  readonly url: string;
  readonly findings: readonly Finding[];
}

/** A check that was not made, as an earlier one failed. */
export function notReached(check: string): Finding {
  return { check, status: "skipped", detail: "not checked, because an earlier check failed" };
}

/** A check that failed with an error of the client. */
export function failedWith(check: string, error: unknown, milliseconds?: number): Finding {
  const detail = messageOf(error);
  const fix = error instanceof NetBackupError
    ? REASON_TABLE.find(({ reason }) => reason === error.reason)?.remedy
    : undefined;
  return { check, status: "failed", detail, fix, milliseconds };
}
