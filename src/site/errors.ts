/**
 * What can go wrong with a site as a whole.
 *
 * @module
 */
import { NetBackupError } from "../netbackup/errors.ts";

/** NetBackup refuses the API key itself, as `GET /authorization-context` shows. */
export class BadKeyError extends NetBackupError {
  override readonly name = "BadKeyError";

  constructor(site: string) {
    super(
      `NetBackup refuses the API key of site "${site}": it is wrong, expired or revoked. ` +
        `Create a new one and put it into "apiKey" or the file named by "apiKeyFile"; ` +
        `it is tried again at each collection, once`,
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
        `lengthen "server.collectionInterval" or shorten "server.scrapingInterval"`,
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

  constructor(site: string, endpoint: string, cause: unknown) {
    super(
      `NetBackup accepts the API key of site "${site}" but not for GET ${endpoint}: ` +
        `give the key's user a role with the permission to view it`,
      { reason: "forbidden", site, endpoint, cause },
    );
  }
}
