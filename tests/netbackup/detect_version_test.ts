import assert from "node:assert/strict";
import {
  HttpStatusError,
  NetworkError,
  UnexpectedBodyError,
  UnsupportedError,
} from "../../src/netbackup/errors.ts";
import type { TransportRequest } from "../../src/netbackup/transport.ts";
import { context, failure, json, setUpClient } from "./testing/fixtures.ts";

function isPing(request: TransportRequest): boolean {
  return request.url === "https://nbu.example.com:1556/netbackup/ping";
}

function pong(version?: string): Response {
  return new Response("1519397648169", {
    headers: {
      "content-type": "text/vnd.netbackup+plain;version=1.0",
      ...(version !== undefined && { "X-NetBackup-API-Version": version }),
    },
  });
}

function versionOf(request: TransportRequest): string {
  return request.headers["Accept"]?.split("version=")[1] ?? "";
}

for (
  const [header, expected] of [
    ["14.0", "14.0"],
    ["15.0", "14.0"],
    ["14.1", "14.0"],
    ["13.1", "13.1"],
    ["12.0", "12.0"],
    [" 10.0 ", "10.0"],
    ["13", "13.0"],
  ] as const
) {
  Deno.test(`detectVersion() makes ${expected} of the ping header "${header}"`, async () => {
    const { client, transport } = setUpClient(() => pong(header));
    assert.equal(await client.detectVersion(context()), expected);
    assert.equal(transport.requests.length, 1);
  });
}

Deno.test("detectVersion() sends no key to /ping", async () => {
  const { client, transport } = setUpClient(() => pong("14.0"));
  await client.detectVersion(context());
  assert.deepEqual(transport.requests.map(({ headers }) => Object.keys(headers)), [
    ["Accept", "User-Agent", "Accept-Encoding"],
  ]);
});

Deno.test("detectVersion() uses a version below 10.0 as it is and warns", async () => {
  const { client, records } = setUpClient(() => pong("9.0"));
  assert.equal(await client.detectVersion(context()), "9.0");
  const warnings = records.filter(({ level }) => level === "warn");
  assert.equal(warnings.length, 1);
  assert.equal(warnings[0]?.fields["version"], "9.0");
});

for (
  const [what, respond] of [
    ["without the header", () => pong()],
    ["with a header that makes no sense", () => pong("latest")],
    ["with 404", () => json({}, { status: 404 })],
    ["with 401", () => json({}, { status: 401 })],
    ["with 406", () => json({}, { status: 406 })],
  ] as const
) {
  Deno.test(`detectVersion() walks down the versions on 406 when /ping answers ${what}`, async () => {
    const { client, transport } = setUpClient((request) => {
      if (isPing(request)) return respond();
      return versionOf(request) === "11.0" ? json({ data: [] }) : json({}, { status: 406 });
    });
    assert.equal(await client.detectVersion(context()), "11.0");
    const ladder = transport.requests.slice(1);
    assert.deepEqual(ladder.map(versionOf), ["14.0", "13.0", "12.0", "11.0"]);
    assert.deepEqual(
      new Set(ladder.map(({ url }) => url)),
      new Set(["https://nbu.example.com:1556/netbackup/admin/jobs?page%5Blimit%5D=1"]),
    );
  });
}

Deno.test("detectVersion() says that every version was refused", async () => {
  const { client, transport } = setUpClient((request) =>
    isPing(request) ? pong() : json({}, { status: 406 })
  );
  const error = await failure(client.detectVersion(context()), UnsupportedError);
  assert.match(error.message, /all of 14\.0, 13\.0, 12\.0, 11\.0, 10\.0 were tried/);
  assert.equal(transport.requests.length, 6);
});

Deno.test("detectVersion() does not mistake a 401 on the way down for a 406", async () => {
  const { client, transport } = setUpClient((request) =>
    isPing(request) ? pong() : json({}, { status: 401 })
  );
  const error = await failure(client.detectVersion(context()), HttpStatusError);
  assert.equal(error.reason, "auth");
  assert.equal(transport.requests.length, 2);
});

Deno.test("detectVersion() does not mistake a 404 on the way down for a 406", async () => {
  const { client, transport } = setUpClient((request) =>
    isPing(request) ? pong() : json({}, { status: 404 })
  );
  const error = await failure(client.detectVersion(context()), UnsupportedError);
  assert.equal(error.status, 404);
  assert.equal(transport.requests.length, 2);
});

Deno.test("detectVersion() stops the walk at a response that is not NetBackup's", async () => {
  const { client } = setUpClient(() => new Response("<html>hello</html>"));
  await failure(client.detectVersion(context()), UnexpectedBodyError);
});

Deno.test("detectVersion() reports a network error of /ping instead of walking down", async () => {
  const once = { retry: { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 } };
  const { client, transport } = setUpClient(() => Promise.reject(new Error("refused")), once);
  await failure(client.detectVersion(context()), NetworkError);
  assert.equal(transport.requests.length, 1);
});

Deno.test("detectVersion() reports a busy primary after the retries", async () => {
  const { client, clock, transport } = setUpClient(() => json({}, { status: 503 }));
  const result = client.detectVersion(context()).catch((error: unknown) => error);
  await clock.advance(35_000);
  assert(await result instanceof HttpStatusError);
  assert.equal(transport.requests.length, 4);
});
