/**
 * What can go wrong with a site as a whole.
 *
 * @module
 */
import { type Endpoint, operationOf } from "../netbackup/resource.ts";
import { type HttpStatusError, NetBackupError } from "../netbackup/errors.ts";

/** NetBackup refuses the API key itself, as `GET /authorization-context` shows. */
export class BadKeyError extends NetBackupError {
  override readonly name = "BadKeyError";

  constructor(site: string) {
    super(
      `NetBackup refuses the API key of site "${site}": it is wrong, expired or revoked. ` +
        `Create a new one and put it into "apiKey" or the file named by "apiKeyFile"; ` +
        `it is tried again after growing pauses`,
      { reason: "auth", site, endpoint: "/authorization-context" },
    );
  }
}

/** A run was ended because its time budget was spent. */
export class BudgetSpentError extends NetBackupError {
  override readonly name = "BudgetSpentError";

  constructor(site: string, collector: string, budgetMs: number) {
    super(
      `Collector "${collector}" of site "${site}" was ended after ${budgetMs / 1000} s, ` +
        `its time budget. The primary is slow, or there is more to read than fits: ` +
        `raise "collectors.${collector}.timeout"`,
      { reason: "budget", site, endpoint: "" },
    );
  }
}

/** The site is being closed, so the run was ended. */
export class SiteClosedError extends Error {
  override readonly name = "SiteClosedError";

  constructor(site: string) {
    super(`Site "${site}" is closed`);
  }
}

/** The API key is good, but it lacks the permission for one endpoint. */
export class ForbiddenError extends NetBackupError {
  override readonly name = "ForbiddenError";

  /**
   * @param resource What was to be read, with the permission that this takes.
   * @param refusal What NetBackup said. It is no cause: its own advice is about the key.
   */
  constructor(
    site: string,
    resource: Endpoint,
    { status, errorCode, errorMessage }: HttpStatusError,
  ) {
    const { endpoint, permission, operation = "VIEW" } = resource;
    const named = permission === "" ? "to view it" : `"${permission}" with ${operation}`;
    const code = errorCode === undefined ? "" : `, NetBackup status ${errorCode}`;
    const words = errorMessage === undefined ? "" : `, "${errorMessage}"`;
    super(
      `API key of site "${site}" is valid but not authorized for ${operationOf(resource)} ` +
        `(HTTP status ${status}${code}${words}): give a role of the key's user the permission ${named}`,
      { reason: "forbidden", site, endpoint },
    );
  }
}
