import assert from "node:assert/strict";
import { silentLogger } from "../../src/telemetry/logger.ts";

Deno.test("silentLogger drops every line, with fields or without", () => {
  const logger = silentLogger.with({ site: "a" });
  for (const level of ["debug", "info", "warn", "error"] as const) {
    assert.equal(logger[level]("message", { field: 1 }), undefined);
  }
  assert.equal(logger, silentLogger);
});
