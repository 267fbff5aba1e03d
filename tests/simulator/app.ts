/**
 * The routes of a simulated primary.
 *
 * @module
 */
import { type Context, Hono } from "hono";
import { countJobs } from "./jobs/count.ts";
import { listJobs } from "./jobs/list.ts";
import { jobJson } from "./jobs/resource.ts";
import type { JobStore } from "./jobs/store.ts";
import type { Settings, Switches } from "./options.ts";
import { endpointOf, isEndpoint } from "./protocol/endpoint.ts";
import {
  ApiError,
  badRequest,
  errorResponse,
  methodNotAllowed,
  notAcceptable,
  notFound,
  notPermitted,
  unauthorized,
  unsupportedMediaType,
} from "./protocol/error.ts";
import {
  acceptsPlainText,
  mediaType,
  negotiate,
  OLDEST_VERSION,
  releaseOf,
  versionIn,
} from "./protocol/version.ts";
import { statusMessage } from "./status_messages.ts";
import { listStorageUnits, storageUnitResource, type StorageUnitRow } from "./storage/list.ts";

/** What the routes answer from. */
export interface AppParts {
  readonly settings: Settings;
  readonly switches: Switches;
  readonly jobs: JobStore;
  readonly storageUnits: () => readonly StorageUnitRow[];
}

interface Guard {
  /** Whether the endpoint asks for a key. */
  readonly open?: boolean;
  /** Oldest version of the API it speaks. */
  readonly oldest?: number;
}

/** The 10.3 document declares version 6.0 for this operation alone. */
const JOB_COUNT_OLDEST = 6;
/** `/status-codes` is documented from 10.5 (API 12.0) on. */
const STATUS_CODES_SINCE = 12;

/** Makes the Hono program. */
export function createApp({ settings, switches, jobs, storageUnits }: AppParts): Hono {
  const app = new Hono({ strict: true }).basePath(settings.basePath);
  const endpoint = (c: Context) => endpointOf(c.req.path.slice(settings.basePath.length));

  const checkKey = (c: Context) => {
    if (c.req.header("authorization") !== switches.apiKey) throw unauthorized();
  };
  /** Key, version, permission: the version that the answer is to be in. */
  const guard = (c: Context, { open = false, oldest = OLDEST_VERSION }: Guard = {}): string => {
    if (!open) checkKey(c);
    const accept = c.req.header("accept");
    const contentType = c.req.header("content-type");
    const version = negotiate(accept, switches.apiVersion, oldest);
    if (!version) throw notAcceptable(accept ?? "");
    if (contentType !== undefined && versionIn(contentType) === undefined) {
      throw unsupportedMediaType(contentType);
    }
    // If both headers are sent, they must match (Getting Started guide).
    if (contentType && accept && accept !== "*/*" && contentType !== accept) {
      throw unsupportedMediaType(contentType);
    }
    if (!open && switches.denied.has(endpoint(c))) throw notPermitted();
    return version;
  };
  const text = (body: string, version: string) =>
    new Response(body, { headers: { "content-type": mediaType(version) } });
  const json = (body: unknown, version: string) => text(JSON.stringify(body), version);
  const plainTime = (c: Context) => {
    const accept = c.req.header("accept");
    if (!acceptsPlainText(accept, switches.apiVersion)) {
      return new Response("Invalid Accept type.", {
        status: 406,
        headers: { "content-type": "text/plain" },
      });
    }
    const headers = new Headers({
      "content-type": `text/vnd.netbackup+plain;version=${switches.apiVersion}`,
    });
    if (settings.versionHeader) headers.set("X-NetBackup-API-Version", switches.apiVersion);
    return new Response(String(settings.now()), { headers });
  };

  app.get("/ping", plainTime);
  app.get("/security/ping", plainTime);
  app.get("/security/serverinfo", (c) => {
    const version = guard(c, { open: true });
    return json(serverInfo(settings, switches, Number(version)), version);
  });
  app.get("/security/servertime", (c) => {
    const body = {
      serverTime: settings.now(),
      timeZoneName: "Coordinated Universal Time",
      timeZoneId: "UTC",
    };
    return json(body, guard(c, { open: true }));
  });
  app.get("/authorization-context", (c) => {
    const version = guard(c);
    return json(authorizationContext(settings), version);
  });
  app.get("/admin/jobs", (c) => {
    const version = guard(c);
    return text(listJobs(jobs.sources(), new URL(c.req.url), Number(version), settings), version);
  });
  app.get("/admin/jobs/:jobId", (c) => {
    const version = guard(c);
    const id = c.req.param("jobId");
    if (!/^\d{1,15}$/.test(id)) throw badRequest(`${id} is no job id.`);
    const row = jobs.row(Number(id));
    if (!row) throw notFound(`Job ${id}`);
    const job = jobJson(row, undefined, new URL(c.req.url), settings);
    return text(`{"data":${job}}`, version);
  });
  app.post("/admin/jobs-count-requests", async (c) => {
    const version = guard(c, { oldest: JOB_COUNT_OLDEST });
    const contentType = c.req.header("content-type") ?? "";
    if (!negotiate(contentType || "none", switches.apiVersion, JOB_COUNT_OLDEST)) {
      throw unsupportedMediaType(contentType);
    }
    const body: unknown = await c.req.json().catch(() => {
      throw badRequest("The body is not JSON.");
    });
    return json(countJobs(jobs.sources(), body), version);
  });
  app.get("/storage/storage-units", (c) => {
    const version = guard(c);
    return exactCapacities(json(listStorageUnits(storageUnits(), new URL(c.req.url)), version));
  });
  app.get("/storage/storage-units/:storageUnitName", (c) => {
    const version = guard(c);
    const name = c.req.param("storageUnitName");
    const unit = storageUnits().find(({ attributes }) => attributes.name === name);
    if (!unit) throw notFound(`Storage unit ${name}`);
    return exactCapacities(json({ data: storageUnitResource(unit) }, version));
  });
  app.get("/status-codes/:statusCode", (c) => {
    if (Number(switches.apiVersion) < STATUS_CODES_SINCE) return missing(c);
    const version = guard(c, { oldest: STATUS_CODES_SINCE });
    const code = c.req.param("statusCode");
    if (!/^\d{1,9}$/.test(code)) throw badRequest(`${code} is no status code.`);
    const message = statusMessage(Number(code));
    if (message === undefined) throw notFound(`Status code ${code}`);
    const data = { type: "statusCode", id: code, attributes: { statusMessage: message } };
    return json({ data }, version);
  });

  const missing = (c: Context): never => {
    checkKey(c);
    throw notFound(c.req.path);
  };
  app.all("*", (c) => {
    // An endpoint that exists gets here only with a method it does not know.
    if (exists(endpoint(c), switches.apiVersion)) throw methodNotAllowed(c.req.method);
    return missing(c);
  });
  app.notFound((c) => errorResponse(notFound(c.req.path), switches.apiVersion));
  app.onError((error, c) => {
    if (!(error instanceof ApiError)) throw error;
    const version = negotiate(c.req.header("accept"), switches.apiVersion, JOB_COUNT_OLDEST);
    return errorResponse(error, version ?? switches.apiVersion);
  });
  return app;
}

function exists(path: string, apiVersion: string): boolean {
  if (path === "/status-codes/{statusCode}" && Number(apiVersion) < STATUS_CODES_SINCE) {
    return false;
  }
  return isEndpoint(path);
}

function serverInfo({ serverName }: Settings, { apiVersion }: Switches, version: number): unknown {
  return {
    serverName,
    nbuVersion: releaseOf(apiVersion),
    cacpivConnectorPort: 443,
    nbuKeySize: 2048,
    masterHostId: "0b1c2d3e-1111-4222-8333-444455556666",
    externalCaUsage: 0,
    cacpivEnabled: 0,
    ssoEnabled: false,
    domainType: "unixpwd",
    ...(version >= 14 && { freezeModeEnabled: false }),
  };
}

function authorizationContext({ serverName, now }: Settings): unknown {
  return {
    data: {
      type: "authorizationContext",
      id: "authorizationContext",
      attributes: {
        subject: `unixpwd:${serverName}:exporter`,
        issuer: serverName,
        issuedAt: new Date(now() - 60_000).toISOString(),
        expireDate: new Date(now() + 86_400_000).toISOString(),
        isAdmin: false,
        isMachine: false,
      },
    },
  };
}

/** JavaScript cannot write 2^63 - 1, but NetBackup does. */
async function exactCapacities(response: Response): Promise<Response> {
  const text = await response.text();
  return new Response(text.replaceAll("9223372036854776000", "9223372036854775807"), response);
}
