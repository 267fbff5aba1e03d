/**
 * The routes.
 *
 * @module
 */
import { type Context, Hono } from "hono";
import { negotiateEncoding, negotiateFormat, VARY } from "./negotiation.ts";
import { sharedBody } from "./exchange.ts";
import { CONTENT_SECURITY_POLICY, landingPage } from "./landing_page.ts";
import { ROUTES } from "./routes.ts";
import type { ServerState } from "./state.ts";

const ALLOW = "GET, HEAD";

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
    // The router answers HEAD with what GET says.
    if (c.req.method === "GET" || c.req.method === "HEAD" || !isKnown(c.req.path, state)) {
      return await next();
    }
    return c.text("Method not allowed\n", 405, { Allow: ALLOW });
  });
  app.get(ROUTES.landing, (c) => {
    c.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    c.header("X-Frame-Options", "DENY");
    c.header("Referrer-Policy", "no-referrer");
    return c.html(landingPage(state));
  });
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
  // Compared as it is: the path comes from the configuration and is no pattern of the router.
  app.get("*", async (c, next) => {
    if (c.req.path !== state.metricsPath) return await next();
    return await metricsPage(c, state);
  });
  app.notFound((c) => c.text("Not found\n", 404));
  app.onError((error, c) => {
    const { method, path } = c.req;
    state.logger.error("a request failed inside the exporter", { method, path, error });
    return c.text("Internal server error\n", 500);
  });
  return app;
}

async function metricsPage(c: Context, state: ServerState): Promise<Response> {
  const format = negotiateFormat(c.req.header("Accept") ?? null);
  const encoding = negotiateEncoding(c.req.header("Accept-Encoding") ?? null);
  const { bytes, contentType } = await state.metrics(format, encoding);
  const headers: Record<string, string> = {
    "Content-Type": contentType,
    "Content-Length": String(bytes.length),
    "Vary": VARY,
  };
  if (encoding === "gzip") headers["Content-Encoding"] = "gzip";
  return c.body(sharedBody(bytes), 200, headers);
}

function isKnown(path: string, { metricsPath }: ServerState): boolean {
  return path === metricsPath || Object.values<string>(ROUTES).includes(path);
}
