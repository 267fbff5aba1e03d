import assert from "node:assert/strict";
import { faultFamilies, serverFamilies } from "../../src/metrics/server_families.ts";

function samplesOf(families: ReturnType<typeof serverFamilies>): unknown[] {
  return families.flatMap(({ definition, samples }) =>
    samples.map(({ labels, value }) => [definition.name, labels, value])
  );
}

Deno.test("serverFamilies() shows each address, and counts from 0 on", () => {
  const families = serverFamilies({
    listening: new Map([["127.0.0.1:9440", true], ["[::1]:9440", false]]),
    restarts: 1,
    connections: 3,
    requestsRefused: 0,
    connectionsClosed: { limit: 2, timeout: 0 },
  });
  assert.deepEqual(samplesOf(families), [
    ["nbu_exporter_http_listening", { address: "127.0.0.1:9440" }, 1],
    ["nbu_exporter_http_listening", { address: "[::1]:9440" }, 0],
    ["nbu_exporter_http_connections_closed_total", { reason: "limit" }, 2],
    ["nbu_exporter_http_connections_closed_total", { reason: "timeout" }, 0],
    ["nbu_exporter_http_listener_restarts_total", {}, 1],
    ["nbu_exporter_http_connections", {}, 3],
    ["nbu_exporter_http_requests_refused_total", {}, 0],
  ]);
});

Deno.test("faultFamilies() shows lost log lines by output and unhandled errors", () => {
  assert.deepEqual(samplesOf(faultFamilies({ stdout: 4, file: 0 }, 2)), [
    ["nbu_exporter_log_lines_dropped_total", { sink: "stdout" }, 4],
    ["nbu_exporter_log_lines_dropped_total", { sink: "file" }, 0],
    ["nbu_exporter_unhandled_errors_total", {}, 2],
  ]);
});
