/**
 * The routes.
 *
 * @module
 */
import { type Context, Hono } from "hono";
import { targetGroups } from "./discovery.ts";
import { quitRoute, reloadRoute } from "./lifecycle_routes.ts";
import { metricsPage, probePage } from "./metrics_routes.ts";
import { refuse, type RouteResponse } from "./pages/error_page.ts";
import { type Html, PAGE_HEADERS } from "./pages/layout.ts";
import { REFRESH_OFF, REFRESH_SECONDS } from "./pages/refresh.ts";
import { sitePage } from "./pages/site_page.ts";
import { statusPage } from "./pages/status_page.ts";
import { reportRoute } from "./report_routes.ts";
import { allowedMethods, ROUTES } from "./routes.ts";
import type { ServerState } from "./state.ts";
import { statusReport } from "./status/report.ts";

/** Makes the application; its `fetch` is the handler of a listener. */
export function createApp(state: ServerState): Hono {
  const app = new Hono();
  app.use(async function commonHeaders(c, next) {
    // Before the response exists: a header that is set on a finished one makes a stream of its bytes.
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Cache-Control", "no-store");
    await next();
  });
  app.use(async function knownMethods(c, next) {
    const allowed = allowedMethods(c.req.path, state.metricsPath);
    // The router answers HEAD with what GET says.
    if (allowed === undefined || allowed.split(", ").includes(c.req.method)) return await next();
    c.header("Allow", allowed);
    return refuse(c, state, 405, `Method not allowed: use ${allowed}`);
  });
  addPages(app, state);
  addApi(app, state);
  addProbes(app, state);
  // Compared as it is: the path comes from the configuration and is no pattern of the router.
  app.get("*", async (c, next) => {
    if (c.req.path !== state.metricsPath) return await next();
    return await metricsPage(c, state);
  });
  app.notFound((c) => refuse(c, state, 404));
  app.onError((error, c) => {
    const { method, path } = c.req;
    state.logger.error("request failed: internal error", { method, path, error });
    return c.text("Internal server error\n", 500);
  });
  return app;
}

/** What people read. */
function addPages(app: Hono, state: ServerState): void {
  app.get(ROUTES.status, (c) => sendStatus(c, (url) => statusPage(state, url)));
  app.get(`${ROUTES.site}:name`, (c) => {
    const name = c.req.param("name");
    const summary = state.sites().find(({ site }) => site === name);
    if (!summary) return refuse(c, state, 404, `No site ${JSON.stringify(name)} is configured`);
    return sendStatus(c, (url) => sitePage(state, summary, url));
  });
  app.get(ROUTES.report, (c) => reportRoute(c, state));
}

/** What programs read beside the metrics page. */
function addApi(app: Hono, state: ServerState): void {
  app.get(ROUTES.statusApi, (c) => c.json({ status: "success", data: statusReport(state) }));
  app.get(ROUTES.config, (c) => c.text(state.configText()));
  app.get(ROUTES.probe, (c) => probePage(c, state));
  app.get(ROUTES.discovery, (c) => {
    const address = c.req.header("Host") ?? new URL(c.req.url).host;
    return c.json(targetGroups(state.sites(), address));
  });
  app.on(["POST", "PUT"], ROUTES.reload, (c) => reloadRoute(c, state));
  app.on(["POST", "PUT"], ROUTES.quit, (c) => quitRoute(c, state));
}

/** Whether the exporter lives, is ready, and reaches NetBackup. */
function addProbes(app: Hono, state: ServerState): void {
  app.get(
    ROUTES.health,
    (c) =>
      state.health() === "ok" ? c.text("OK") : c.text("UNHEALTHY: NetBackup API unreachable", 503),
  );
  app.get(ROUTES.healthy, (c) => c.text("Healthy\n"));
  app.get(ROUTES.ready, (c) => {
    const { ready, waitingFor } = state.ready();
    if (ready) return c.text("Ready\n");
    const sites = waitingFor.map((site) => JSON.stringify(site)).join(", ");
    return c.text(`Not ready: waiting for the first collection of ${sites}\n`, 503);
  });
}

function sendStatus(c: Context, make: (url: URL) => Html): RouteResponse {
  const url = new URL(c.req.url);
  const refresh: Record<string, string> = url.searchParams.get("refresh") === REFRESH_OFF
    ? {}
    : { Refresh: String(REFRESH_SECONDS) };
  return c.html(make(url), 200, { ...PAGE_HEADERS, ...refresh });
}
