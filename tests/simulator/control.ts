/**
 * Control of a simulated primary from another process: what `Simulator` offers, as JSON over HTTP
 * below `/_control/`.
 *
 * | request | does |
 * |---|---|
 * | `POST faults` with a fault rule, `DELETE faults`, `GET faults` | adds, clears, lists faults |
 * | `GET requests`, `DELETE requests` | the log of requests |
 * | `POST jobs` with a job | adds it, returns `{"jobId": …}` |
 * | `PATCH jobs/{id}` with changes, `DELETE jobs/{id}`, `DELETE jobs` | changes, removes, clears jobs |
 * | `POST version`, `key`, `denied`, `granted`, `skew` with `{"value": …}` | sets them; the skew in milliseconds |
 * | `PUT storage-units` with a list | sets the storage units |
 * | `PUT rows?endpoint=` with a number or rows, `DELETE rows?endpoint=` | sets the rows of a list, takes that back |
 * | `GET truth/rows?endpoint=` and the values of path parameters, `at` | the rows of a list |
 * | `GET truth/jobs`, `truth/finished`, `truth/unfinished`, `truth/ends`, `truth/storage-units` | the truth; `from`, `to`, `at` in milliseconds |
 * | `GET truth/now` | NetBackup's time |
 *
 * @module
 */
import { type Context, Hono } from "hono";
import { asApiVersion } from "./protocol/version.ts";
import type { Simulator } from "./simulator.ts";

/** Makes the control program of a simulator. */
export function createControl(
  simulator: Simulator,
): { fetch(request: Request): Promise<Response> } {
  const app = new Hono().basePath("/_control");
  const done = (c: Context) => c.json({ ok: true });
  const time = (c: Context, name: string): number | undefined => {
    const text = c.req.query(name);
    return text === undefined ? undefined : Number(text);
  };
  const value = async (c: Context): Promise<unknown> => (await c.req.json()).value;
  const { truth } = simulator;

  app.get("/faults", (c) => c.json(simulator.faults.list()));
  app.post("/faults", async (c) => {
    simulator.faults.add(await c.req.json());
    return done(c);
  });
  app.delete("/faults", (c) => {
    simulator.faults.clear();
    return done(c);
  });
  app.get("/requests", (c) => c.json(simulator.requests.all()));
  app.delete("/requests", (c) => {
    simulator.requests.clear();
    return done(c);
  });
  app.post("/jobs", async (c) => c.json({ jobId: simulator.addJob(await c.req.json()) }));
  app.patch("/jobs/:id", async (c) => {
    simulator.updateJob(Number(c.req.param("id")), await c.req.json());
    return done(c);
  });
  app.delete("/jobs/:id", (c) => {
    simulator.removeJob(Number(c.req.param("id")));
    return done(c);
  });
  app.delete("/jobs", (c) => {
    simulator.clearJobs();
    return done(c);
  });
  app.put("/storage-units", async (c) => {
    simulator.setStorageUnits(await c.req.json());
    return done(c);
  });
  app.post("/version", async (c) => {
    const version = asApiVersion(String(await value(c)));
    if (!version) return c.json({ error: "Unknown API version" }, 400);
    simulator.setApiVersion(version);
    return done(c);
  });
  app.post("/key", async (c) => {
    simulator.setApiKey(String(await value(c)));
    return done(c);
  });
  app.post("/denied", async (c) => {
    const endpoints = await value(c);
    simulator.setDenied(Array.isArray(endpoints) ? endpoints.map(String) : []);
    return done(c);
  });
  app.post("/granted", async (c) => {
    const permissions = await value(c);
    simulator.setGranted(Array.isArray(permissions) ? permissions.map(String) : undefined);
    return done(c);
  });
  app.put("/rows", async (c) => {
    simulator.setRows(c.req.query("endpoint") ?? "", await c.req.json());
    return done(c);
  });
  app.delete("/rows", (c) => {
    simulator.setRows(c.req.query("endpoint") ?? "", undefined);
    return done(c);
  });
  app.post("/skew", async (c) => {
    simulator.setSkew(Number(await value(c)));
    return done(c);
  });
  app.get("/truth/now", (c) => c.json({ now: truth.now() }));
  app.get("/truth/jobs", (c) => c.json(truth.jobs(time(c, "at"))));
  app.get(
    "/truth/finished",
    (c) => c.json(truth.finishedBetween(time(c, "from") ?? 0, time(c, "to"), time(c, "at"))),
  );
  app.get("/truth/unfinished", (c) => c.json(truth.unfinished(time(c, "at"))));
  app.get(
    "/truth/ends",
    (c) => c.json(truth.endsBetween(time(c, "from") ?? 0, time(c, "to"), time(c, "at"))),
  );
  app.get("/truth/storage-units", (c) => c.json(truth.storageUnits(time(c, "at"))));
  app.get("/truth/rows", (c) => {
    const { endpoint = "", at: _at, ...parameters } = c.req.query();
    return c.json(truth.rows(endpoint, { parameters, atMs: time(c, "at") }));
  });
  app.onError((error, c) => c.json({ error: error.message }, 400));
  return { fetch: async (request) => await app.fetch(request) };
}
