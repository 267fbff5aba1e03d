import assert from "node:assert/strict";
import { overrideConfig } from "../../src/config/overrides.ts";
import { loadText } from "./memory_environment.ts";

const loaded = await loadText("nbuservers: [{site: a, host: h, apiKey: k}]\n");

Deno.test("overrideConfig() puts in what is given, leaves the rest, and stays frozen", () => {
  const { config, warnings } = overrideConfig(loaded, {
    listen: [{ host: "::1", port: 9101 }, { host: "::1", port: 9102 }],
    metricsPath: "/m",
    logLevel: "error",
    logFormat: "json",
  });
  assert.deepEqual(config, {
    ...loaded.config,
    server: { ...loaded.config.server, host: "::1", port: 9101, uri: "/m" },
    logging: { level: "error", format: "json" },
  });
  assert.equal(warnings, loaded.warnings);
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.server));
});

Deno.test("overrideConfig() changes nothing when nothing is given", () => {
  assert.deepEqual(overrideConfig(loaded, {}), loaded);
  const nothing = { listen: undefined, metricsPath: undefined, logLevel: undefined };
  assert.deepEqual(overrideConfig(loaded, nothing), loaded);
});
