/**
 * Requests that no client sends by mistake, and faults of the exporter's own: the real program goes
 * on, and counts them.
 *
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { RawConnection } from "../server/_raw.ts";
import { configText, eventually, type Exporter, freePort, withExporter } from "./harness.ts";

const KEY = "odd-requests-key";

/** The primary is not there: these tests are about the exporter's own port. */
function configOf(server: Record<string, unknown> = {}) {
  const site = { site: "a", scheme: "http", host: "127.0.0.1", port: 9, apiKey: KEY };
  return { server: { port: freePort(), host: "127.0.0.1", ...server }, nbuservers: [site] };
}

/** Sends bytes on a connection of its own, and gives all that comes back until it ends. */
async function responseTo(port: number, text: string): Promise<string> {
  const client = await RawConnection.open(port);
  try {
    // The server may close the connection before it has taken everything.
    await client.send(text).catch(() => {});
    return await client.readToEnd();
  } finally {
    client.close();
  }
}

const closing = (line: string, headers = "", body = "") =>
  `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n${body}`;

/** Requests, and the status lines that may answer them; a connection may end without one. */
const ODD: readonly (readonly [string, string, RegExp])[] = [
  ["a path out of the root", closing("GET /../../../../etc/passwd"), /^404$/],
  ["the same, encoded", closing("GET /%2e%2e/%2e%2e/etc/passwd"), /^404$/],
  ["the same, below a site", closing("GET /site/..%2f..%2fconfig.yaml"), /^404$/],
  ["the configuration file", closing("GET /config.yaml"), /^404$/],
  ["a NUL in the path", closing("GET /metrics\0"), /^400$/],
  ["a method there is not", closing("BREW /metrics"), /^(400|405)$/],
  ["a line that is no request", "hello\r\n\r\n", /^400$/],
  ["a version there is not", "GET / HTTP/9.9\r\n\r\n", /^(400|505)$/],
  [
    "a length and chunks at once",
    closing(
      "POST /metrics",
      "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
      "0\r\n\r\nGET /config HTTP/1.1\r\nHost: x\r\n\r\n",
    ),
    /^400$/,
  ],
  [
    "two lengths",
    closing("POST /metrics", "Content-Length: 0\r\nContent-Length: 30\r\n", "GET /config HTTP/1.1"),
    /^400$/,
  ],
  [
    "a request in the body of another",
    closing("POST /metrics", "Content-Length: 40\r\n", "GET /config HTTP/1.1\r\nHost: x\r\n\r\n"),
    /^405$/,
  ],
  [
    "a header without an end",
    `GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(100_000)}`,
    /^(431|)$/,
  ],
  ["10,000 headers", closing("GET /metrics", "A: b\r\n".repeat(10_000)), /^(431|200|)$/],
  ["a line break in a header", closing("GET /metrics", "A: b\r\n c\r\n"), /^(200|400)$/],
];

async function stillServes(exporter: Exporter, metricsPath?: string): Promise<void> {
  assert.equal((await exporter.get("/-/healthy")).status, 200);
  const page = await exporter.metrics(metricsPath);
  assert.equal(page.value("nbu_exporter_unhandled_errors_total"), 0);
}

Deno.test("odd requests get one response without anything of the machine, and hurt nobody", async () => {
  await withExporter({ config: configOf() }, async (exporter) => {
    for (const [what, request, expected] of ODD) {
      const response = await responseTo(exporter.port, request);
      const statuses = [...response.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
      assert.ok(statuses.length <= 1, `${what}: ${statuses}`);
      assert.match(statuses[0] ?? "", expected, what);
      assert.doesNotMatch(response, /root:|nbuservers|odd-requests-key/, what);
    }
    await stillServes(exporter);
  });
});

Deno.test("whatever bytes come in place of a request, the program serves the next one", async () => {
  const header = fc.tuple(
    fc.constantFrom("Accept", "Accept-Encoding", "Host", "Range", "Cookie", "If-None-Match"),
    fc.string({ unit: "binary", maxLength: 60 }),
  ).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = fc.oneof(
    fc.array(header, { maxLength: 8 }).map((all) => closing("GET /metrics", all.join(""))),
    fc.string({ unit: "binary", maxLength: 300 }).map((text) => `${text}\r\n\r\n`),
  );
  await withExporter({ config: configOf() }, async (exporter) => {
    await fc.assert(
      fc.asyncProperty(request, async (text) => {
        const client = await RawConnection.open(exporter.port);
        await client.send(text).catch(() => {});
        // Not all of it is a request that ends: the response is of no interest, the next one is.
        client.close();
        assert.equal((await exporter.get("/-/healthy")).status, 200);
      }),
      { numRuns: 300 },
    );
    await stillServes(exporter);
  });
});

Deno.test("hundreds of SIGHUPs in a row leave the last configuration in effect", async () => {
  const config = configOf();
  await withExporter({ config }, async (exporter) => {
    for (let n = 0; n < 300; n++) {
      const server = { ...config.server, uri: `/metrics${n % 7}` };
      if (n % 10 === 0) {
        await Deno.writeTextFile(exporter.configFile, configText({ ...config, server }));
      }
      exporter.signal("SIGHUP");
    }
    const last = { ...config, server: { ...config.server, uri: "/last" } };
    await Deno.writeTextFile(exporter.configFile, configText(last));
    exporter.signal("SIGHUP");
    await eventually("the last one is in effect", async () => {
      const { status, text } = await exporter.get("/last");
      return status === 200 && /^nbu_exporter_config_last_reload_successful 1$/m.test(text);
    });
    await stillServes(exporter, "/last");
  });
});

Deno.test("errors that nothing handled are counted and logged, and end nothing", async () => {
  const program = new URL("faulty_program.ts", import.meta.url).pathname;
  await withExporter({ config: configOf(), program }, async (exporter) => {
    await eventually("both are counted", async () => {
      const page = await exporter.metrics();
      return page.value("nbu_exporter_unhandled_errors_total") === 2;
    });
    const reported = exporter.log().match(/level=error msg="unhandled error: please report.*/g);
    assert.equal(reported?.length, 2);
    assert.match(reported?.join("\n") ?? "", /nothing handles[^]*in a timer/);
    assert.equal((await exporter.get("/-/healthy")).status, 200);
    assert.equal((await exporter.stop()).code, 0);
  });
});
