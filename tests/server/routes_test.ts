import assert from "node:assert/strict";
import { metricsPathFault } from "../../src/config/schema/http_path.ts";
import { allowedMethods, ROUTES, sitePath } from "../../src/server/routes.ts";

Deno.test("the configuration lets the metrics page be none of the other routes", () => {
  for (const route of [...Object.values(ROUTES), sitePath("a")]) {
    assert.match(metricsPathFault(route) ?? "", /exporter's own|status page/, route);
  }
  for (const path of ["/metrics", "/config/metrics", "/probes", "/nbu/metrics"]) {
    assert.equal(metricsPathFault(path), undefined, path);
  }
});

Deno.test("allowedMethods() knows every route, the metrics page, and nothing else", () => {
  for (const [name, route] of Object.entries(ROUTES)) {
    const expected = name === "reload" || name === "quit" ? "POST, PUT" : "GET, HEAD";
    assert.equal(allowedMethods(route, "/metrics"), expected, name);
  }
  assert.equal(allowedMethods("/m", "/m"), "GET, HEAD");
  assert.equal(allowedMethods("/metrics", "/m"), undefined);
  assert.equal(allowedMethods(sitePath("a/b"), "/m"), "GET, HEAD");
});
