/**
 * The endpoints of the collectors: permission, rows and time of each.
 *
 * @module
 */
import type { Clock } from "../../base/clock.ts";
import type { CollectorDefinition } from "../../collectors/collector.ts";
import type { ApiSession, Query, RequestContext } from "../../netbackup/api.ts";
import { HttpStatusError } from "../../netbackup/errors.ts";
import { listNamedData, openEnvelope } from "../../netbackup/paging/envelope.ts";
import { type Endpoint, type ListResource, operationOf } from "../../netbackup/resource.ts";
import { compareVersions } from "../../netbackup/version.ts";
import { failedWith, type Finding } from "./finding.ts";

/**
 * Asks each endpoint of the collectors, one after the other, for one row. What several collectors read
 * is asked for once.
 */
export async function checkCollectors(
  collectors: readonly CollectorDefinition[],
  session: ApiSession,
  context: RequestContext,
  clock: Clock,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const known = new Map<string, Finding>();
  for (const { name, resources } of collectors) {
    for (const resource of resources) {
      const key = JSON.stringify([resource.endpoint, queryOf(resource)]);
      const finding = known.get(key) ??
        await checkEndpoint(name, resource, session, context, clock);
      known.set(key, finding);
      findings.push({ ...finding, check: name });
    }
  }
  return findings;
}

async function checkEndpoint(
  check: string,
  resource: Endpoint,
  session: ApiSession,
  context: RequestContext,
  clock: Clock,
): Promise<Finding> {
  const { endpoint, since, body: sent } = resource;
  const { client, version } = session;
  const what = operationOf(resource);
  if (endpoint.includes("{")) {
    return { check, status: "skipped", detail: `${what}: asked for by id only` };
  }
  if (compareVersions(version, since) < 0) {
    return { check, status: "skipped", detail: `${what}: needs API version ${since} or newer` };
  }
  const begin = clock.monotonic();
  try {
    const headers = isList(resource) ? resource.headers : undefined;
    const body = await client.getJson({
      endpoint,
      query: queryOf(resource),
      version,
      ...(headers === undefined ? {} : { headers }),
      ...(sent === undefined ? {} : { body: sent }),
    }, context);
    const milliseconds = clock.monotonic() - begin;
    const rowsOf = (isList(resource) ? resource.rowsOf : undefined) ?? listNamedData;
    const data = rowsOf(body);
    if (data === undefined) return { check, status: "ok", detail: what, milliseconds };
    if (data.length === 0) {
      return {
        check,
        status: "warning",
        detail: `${what}: no rows`,
        // NetBackup responds so to a missing permission as well.
        fix: resource.permission === ""
          ? undefined
          : `If there should be some, give the role of the API key ${permissionOf(resource)}.`,
        milliseconds,
      };
    }
    const { count } = openEnvelope(body, { site: client.site ?? "", endpoint }, rowsOf)
      .pagination;
    const rows = typeof count === "number"
      ? `${count} ${count === 1 ? "row" : "rows"}`
      : "has rows";
    return { check, status: "ok", detail: `${what}: ${rows}`, milliseconds };
  } catch (error) {
    return refusal(check, resource, error, clock.monotonic() - begin);
  }
}

function refusal(
  check: string,
  resource: Endpoint,
  error: unknown,
  milliseconds: number,
): Finding {
  if (error instanceof HttpStatusError) {
    const what = operationOf(resource);
    if ([404, 406, 410, 415].includes(error.status)) {
      const detail = `${what}: not in this release of NetBackup`;
      return { check, status: "skipped", detail, milliseconds };
    }
    // The key itself was accepted before.
    if (error.status === 401 || error.status === 403) {
      return {
        check,
        status: "failed",
        detail: `${what}: the role of the API key may not view it (HTTP status ${error.status})`,
        fix: `Give a role of the key's user the permission ${permissionOf(resource)}.`,
        milliseconds,
      };
    }
  }
  return failedWith(check, error, milliseconds);
}

/** The RBAC object with the operation on it, in words. */
function permissionOf({ permission, operation }: Endpoint): string {
  return permission === "" ? "to view it" : `"${permission}" with ${operation ?? "VIEW"}`;
}

/** As little as the endpoint takes; what is no list is asked without a query. */
function queryOf(resource: Endpoint): Query {
  if (!isList(resource)) return {};
  return { ...resource.query, ...(resource.paging === "none" ? {} : { "page[limit]": 1 }) };
}

function isList(resource: Endpoint): resource is ListResource<unknown> {
  return "paging" in resource;
}
