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
import { KEY_OWNER } from "./lists/api_keys.ts";
import { addLists } from "./lists/routes.ts";
import type { Lists } from "./lists/service.ts";
import type { Settings, Switches } from "./options.ts";
import {
  ApiError,
  badRequest,
  errorResponse,
  methodNotAllowed,
  notFound,
  unsupportedMediaType,
} from "./protocol/error.ts";
import { createGuard } from "./protocol/guard.ts";
import { acceptsPlainText, mediaType, negotiate } from "./protocol/version.ts";
import { statusMessage } from "./status_messages.ts";

/** What the routes take their responses from. */
export interface AppParts {
  readonly settings: Settings;
  readonly switches: Switches;
  readonly jobs: JobStore;
  readonly lists: Lists;
}

/** The 10.3 document declares version 6.0 for this operation alone. */
const JOB_COUNT_MIN_VERSION = 6;

/** Makes the Hono program. */
export function createApp({ settings, switches, jobs, lists }: AppParts): Hono {
  const app = new Hono({ strict: true }).basePath(settings.basePath);
  const guard = createGuard(settings, switches);
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
  app.get("/authorization-context", (c) => {
    const { version } = guard.pass(c);
    return json(authorizationContext(settings), version);
  });
  app.get("/admin/jobs", (c) => {
    const { version } = guard.pass(c);
    return text(listJobs(jobs.sources(), new URL(c.req.url), Number(version), settings), version);
  });
  app.get("/admin/jobs/:jobId", (c) => {
    const { version } = guard.pass(c);
    const id = c.req.param("jobId");
    if (!/^\d{1,15}$/.test(id)) throw badRequest(`${id} is no job id.`);
    const row = jobs.row(Number(id));
    if (!row) throw notFound(`Job ${id}`);
    const job = jobJson(row, undefined, new URL(c.req.url), settings);
    return text(`{"data":${job}}`, version);
  });
  app.post("/admin/jobs-count-requests", async (c) => {
    const { version } = guard.pass(c, { minVersion: JOB_COUNT_MIN_VERSION });
    const contentType = c.req.header("content-type") ?? "";
    if (!negotiate(contentType || "none", switches.apiVersion, JOB_COUNT_MIN_VERSION)) {
      throw unsupportedMediaType(contentType);
    }
    const body: unknown = await c.req.json().catch(() => {
      throw badRequest("The body is not JSON.");
    });
    return json(countJobs(jobs.sources(), body), version);
  });
  addLists(app, guard, lists);
  app.get("/status-codes/:statusCode", (c) => {
    const { version } = guard.pass(c);
    const code = c.req.param("statusCode");
    if (!/^\d{1,9}$/.test(code)) throw badRequest(`${code} is no status code.`);
    const message = statusMessage(Number(code));
    if (message === undefined) throw notFound(`Status code ${code}`);
    const data = { type: "statusCode", id: code, attributes: { statusMessage: message } };
    return json({ data }, version);
  });

  app.all("*", (c) => {
    // An endpoint that exists gets here only with a method it does not know.
    if (guard.exists(guard.endpoint(c))) throw methodNotAllowed(c.req.method);
    return guard.missing(c);
  });
  app.notFound((c) => errorResponse(notFound(c.req.path), switches.apiVersion));
  app.onError((error, c) => {
    if (!(error instanceof ApiError)) throw error;
    const version = negotiate(c.req.header("accept"), switches.apiVersion, JOB_COUNT_MIN_VERSION);
    return errorResponse(error, version ?? switches.apiVersion);
  });
  return app;
}

function authorizationContext({ serverName, now }: Settings): unknown {
  return {
    data: {
      type: "authorizationContext",
      id: "authorizationContext",
      attributes: {
        subject: `unixpwd:${serverName}:${KEY_OWNER}`,
        issuer: serverName,
        issuedAt: new Date(now() - 60_000).toISOString(),
        expireDate: new Date(now() + 86_400_000).toISOString(),
        isAdmin: false,
        isMachine: false,
      },
    },
  };
}
