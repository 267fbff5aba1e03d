/**
 * Finding the API version to speak.
 *
 * @module
 */
import type { Logger } from "../telemetry/logger.ts";
import type { JsonRequest, RequestContext } from "./api.ts";
import { HttpStatusError, UnsupportedError } from "./errors.ts";
import {
  compareVersions,
  NEWEST_VERSION,
  OLDEST_VERSION,
  parseVersion,
  SUPPORTED_VERSIONS,
} from "./version.ts";

/** What detection needs of a client. */
export interface DetectionRequests {
  /** Asks `GET /ping` without a key and hands back the headers. */
  ping(context: RequestContext): Promise<Headers>;
  getJson(request: JsonRequest, context: RequestContext): Promise<unknown>;
}

/**
 * Takes the lower of what `GET /ping` names in `X-NetBackup-API-Version` (vendor's gateway.yaml, all
 * releases) and the newest version known here. Where the header is missing or makes no sense, walks
 * down the known versions until one is not answered with 406.
 *
 * @throws NetBackupError What the primary or the network says; UnsupportedError when every version
 * is refused.
 */
export async function detectVersion(
  requests: DetectionRequests,
  logger: Logger,
  context: RequestContext,
): Promise<string> {
  const named = await versionOfPing(requests, context);
  if (named === undefined) {
    logger.debug("no usable API version in the response to GET /ping: trying each in turn");
    return await walkLadder(requests, context);
  }
  if (compareVersions(named, OLDEST_VERSION) < 0) {
    logger.warn("NetBackup release is older than those this exporter supports", {
      version: named,
      oldest: OLDEST_VERSION,
    });
  }
  return compareVersions(named, NEWEST_VERSION) > 0 ? NEWEST_VERSION : named;
}

async function versionOfPing(
  requests: DetectionRequests,
  context: RequestContext,
): Promise<string | undefined> {
  try {
    const headers = await requests.ping(context);
    return parseVersion(headers.get("X-NetBackup-API-Version"));
  } catch (error) {
    // 4xx: this gateway has no ping for us, which says nothing about the rest of the API.
    const refused = error instanceof HttpStatusError && !error.retryable && error.status >= 400;
    if (refused) return undefined;
    throw error;
  }
}

async function walkLadder(requests: DetectionRequests, context: RequestContext): Promise<string> {
  let refusal: unknown;
  for (const version of SUPPORTED_VERSIONS) {
    try {
      // The cheapest request that needs key and version: one job.
      const request = { endpoint: "/admin/jobs", query: { "page[limit]": 1 }, version };
      await requests.getJson(request, context);
      return version;
    } catch (error) {
      if (!(error instanceof UnsupportedError) || error.status !== 406) throw error;
      error.addNote(`all of ${SUPPORTED_VERSIONS.join(", ")} were tried`);
      refusal = error;
    }
  }
  throw refusal;
}
