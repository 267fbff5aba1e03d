import assert from "node:assert/strict";
import { measureRun } from "../../bench/collector_cpu.ts";
import { numberLists, single } from "../../bench/flags.ts";
import { countSeries, rawBody } from "../../bench/page.ts";
import { meanInterval, startScraper } from "../../bench/scraper.ts";
import { growthExponent } from "../../bench/sites.ts";
import { parseWrk } from "../../bench/wrk.ts";
import { policies } from "../../src/collectors/policies.ts";
import { storage } from "../../src/collectors/storage.ts";
import { eventually } from "../e2e/harness.ts";

const WRK = `Running 1s test @ http://127.0.0.1:41063/metrics
  1 threads and 2 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     4.11ms    8.37ms  58.31ms   92.42%
    Req/Sec   512.00     92.41   640.00     70.00%
  Latency Distribution
     50%  900.00us
     75%    2.07ms
     90%    7.77ms
     99%    1.20s
  1000 requests in 2.00s, 287.70MB read
Requests/sec:    500.00
Transfer/sec:    143.85MB
`;

Deno.test("parseWrk() reads times of every unit, and the rate of the requests", () => {
  const expected = { perSecond: 500, failed: 0, p50: 0.9, p99: 1200 };
  assert.deepEqual(parseWrk(WRK), expected);
  // It pads times of one letter.
  assert.deepEqual(parseWrk(WRK.replaceAll(/%(.+)s$/gm, "%$1s ")), expected);
});

Deno.test("parseWrk() counts other statuses and broken connections as failed, not as served", () => {
  const text = WRK.replace(
    "Requests/sec",
    "  Socket errors: connect 1, read 2, write 3, timeout 4\n" +
      "  Non-2xx or 3xx responses: 600\nRequests/sec",
  );
  assert.deepEqual(parseWrk(text), { perSecond: 200, failed: 610, p50: 0.9, p99: 1200 });
});

Deno.test("parseWrk() refuses what it does not understand", () => {
  assert.throws(() => parseWrk(""), /wrk printed/);
  assert.throws(() => parseWrk(WRK.replace("1.20s", "1.20h")), /a time like "1.20h"/);
});

Deno.test("numberLists() takes lists, keeps defaults and refuses the rest", () => {
  const defaults = { sites: [10, 20], seconds: [60] };
  assert.deepEqual(numberLists(["--sites", "5,10"], defaults), { sites: [5, 10], seconds: [60] });
  assert.deepEqual(numberLists(["--seconds=0.5"], defaults).seconds, [0.5]);
  for (const value of ["", "a", "0", "-1", "1,,2", "Infinity"]) {
    assert.throws(() => numberLists([`--sites=${value}`], defaults), /--sites must be positive/);
  }
  assert.throws(() => numberLists(["--other", "1"], defaults), /--other/);
});

Deno.test("single() takes exactly one number", () => {
  assert.equal(single("seconds", [60]), 60);
  assert.throws(() => single("seconds", [1, 2]), /--seconds must be one number/);
});

Deno.test("growthExponent() is the power that costs grow with", () => {
  const sizes = [10, 20, 40, 80];
  const of = (power: number) => growthExponent(sizes.map((x) => [x, 3 * x ** power]));
  assert.ok(Math.abs(of(1) - 1) < 1e-9);
  assert.ok(Math.abs(of(2) - 2) < 1e-9);
  assert.ok(Math.abs(of(0)) < 1e-9);
});

Deno.test("rawBody() gives the bytes as they were sent, and refuses other statuses", async () => {
  const page = '# HELP a b\n# TYPE a gauge\na 1\na{b="c"} 2\n';
  const packed = new Response(page).body?.pipeThrough(new CompressionStream("gzip"));
  const gzip = new Uint8Array(await new Response(packed).arrayBuffer());
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    if (new URL(request.url).pathname !== "/metrics") return new Response(null, { status: 503 });
    if (request.headers.get("accept-encoding") !== "gzip") return new Response(page);
    return new Response(gzip, { headers: { "content-encoding": "gzip" } });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  try {
    assert.deepEqual(await rawBody(`${url}/metrics`, "gzip"), gzip);
    const plain = await rawBody(`${url}/metrics`, "identity");
    assert.equal(new TextDecoder().decode(plain), page);
    assert.equal(countSeries(plain), 2);
    await assert.rejects(rawBody(url, "gzip"), /status 503/);
  } finally {
    await server.shutdown();
  }
});

Deno.test("meanInterval() is the mean over all neighbours, and no number without any", () => {
  assert.equal(meanInterval([[100, 120, 140], [110, 150], [1]]), 80 / 3);
  assert.ok(Number.isNaN(meanInterval([[1], [2]])));
  assert.ok(Number.isNaN(meanInterval([])));
});

Deno.test("startScraper() asks for both codings, and sees how often sites are polled", async () => {
  const codings = new Set<string | null>();
  let scrapes = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const coding = request.headers.get("accept-encoding");
    codings.add(coding);
    if (coding === "identity") scrapes++;
    const line = (collector: string) =>
      `nbu_collector_last_success_timestamp_seconds{site="a",collector="${collector}"} `;
    return new Response(`${line("storage")}${scrapes}\n${line("jobs")}${1000 + 20 * scrapes}\n`);
  });
  const scraper = startScraper(`http://127.0.0.1:${server.addr.port}`, 0.01);
  try {
    await eventually("it has scraped", () => scrapes >= 3);
    assert.deepEqual(codings, new Set(["identity", "gzip"]));
  } finally {
    await scraper.stop();
    await server.shutdown();
  }
  assert.equal(scraper.pollSeconds(), 20);
  scraper.reset();
  assert.ok(Number.isNaN(scraper.pollSeconds()));
});

Deno.test("measureRun() plays back what a primary responded, to collectors that follow the jobs too", async () => {
  for (const definition of [storage, policies]) {
    const { cpuSeconds, runsPerHour } = await measureRun(definition, 2);
    assert.equal(runsPerHour, 12, definition.name);
    assert.ok(cpuSeconds > 0, definition.name);
  }
});
