import assert from "node:assert/strict";
import { negotiateEncoding, negotiateFormat } from "../../src/server/negotiation.ts";

const FORMATS: readonly (readonly [string, string | null, "text" | "openmetrics"])[] = [
  ["no header", null, "text"],
  ["an empty header", "", "text"],
  ["nonsense", ";;q=,,=", "text"],
  ["curl", "*/*", "text"],
  [
    "a browser",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "text",
  ],
  [
    "Prometheus 2.42",
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "openmetrics",
  ],
  [
    "Prometheus 3",
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5," +
    "application/openmetrics-text;version=0.0.1;q=0.4," +
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
    "openmetrics",
  ],
  [
    "Prometheus 3 with protobuf first",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;" +
    "q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5," +
    "text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
    "openmetrics",
  ],
  [
    "Prometheus with scrape_protocols of text only",
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "text",
  ],
  ["text preferred by its q", "application/openmetrics-text;q=0.3,text/plain;q=0.9", "text"],
  ["OpenMetrics before a wildcard", "application/openmetrics-text, */*", "openmetrics"],
  ["equal wishes", "application/openmetrics-text,text/plain", "text"],
  ["OpenMetrics refused", "application/openmetrics-text;q=0,*/*;q=0.1", "text"],
  ["another version of OpenMetrics only", "application/openmetrics-text;version=0.0.1", "text"],
  ["a quoted version", 'application/openmetrics-text; version="1.0.0"', "openmetrics"],
  ["upper case", "Application/OpenMetrics-Text; version=1.0.0", "openmetrics"],
  ["a type wildcard", "text/*;q=0.1,application/*;q=0.5", "openmetrics"],
  ["something else only", "image/png", "text"],
];

for (const [who, accept, expected] of FORMATS) {
  Deno.test(`negotiateFormat() answers ${who} with ${expected}`, () => {
    assert.equal(negotiateFormat(accept), expected);
  });
}

const ENCODINGS: readonly (readonly [string | null, "gzip" | "identity"])[] = [
  [null, "identity"],
  ["", "identity"],
  ["gzip", "gzip"],
  ["gzip, deflate, br, zstd", "gzip"],
  ["GZIP", "gzip"],
  ["x-gzip", "gzip"],
  ["gzip;q=0", "identity"],
  ["gzip;q=0, *;q=1", "identity"],
  ["gzip; q=0.001", "gzip"],
  ["br", "identity"],
  ["*", "gzip"],
  ["*;q=0", "identity"],
  ["identity", "identity"],
  ["identity;q=1, gzip;q=0.5", "identity"],
  ["identity;q=0.5, gzip;q=1", "gzip"],
];

for (const [header, expected] of ENCODINGS) {
  Deno.test(`negotiateEncoding() answers ${JSON.stringify(header)} with ${expected}`, () => {
    assert.equal(negotiateEncoding(header), expected);
  });
}
