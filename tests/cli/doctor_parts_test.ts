import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { DetailedPeerCertificate } from "node:tls";
import { DAY_MS } from "../../src/base/time_units.ts";
import { checkClock } from "../../src/cli/doctor/api.ts";
import { tagOf } from "../../src/cli/doctor/api_key.ts";
import { chainOf } from "../../src/cli/doctor/certificates.ts";
import { expiryText } from "../../src/cli/doctor/expiry.ts";
import { checkCollectors } from "../../src/cli/doctor/endpoints.ts";
import { checkTls } from "../../src/cli/doctor/network.ts";
import { createFakeClient, unlimited } from "../testing/fake_client.ts";
import { fakeDefinition } from "../testing/fake_collector.ts";
import { createFakeClock } from "../testing/fake_clock.ts";

Deno.test("checkClock() compares the times as of the response, and warns from a minute on", () => {
  const clock = createFakeClock();
  const client = createFakeClient();
  assert.equal(checkClock(client, clock).status, "skipped");
  const response = { now: clock.now(), monotonic: clock.monotonic() };
  for (
    const [skewMs, status, detail] of [
      [-200, "ok", "same time as this machine"],
      [30_000, "ok", "the primary is 31 s ahead of this machine"],
      [300_000, "warning", "the primary is 301 s ahead of this machine"],
      [-300_000, "warning", "the primary is 300 s behind this machine"],
    ] as const
  ) {
    client.serverTime = { serverMs: response.now + skewMs, monotonicMs: response.monotonic };
    const found = checkClock(client, clock);
    assert.deepEqual([found.status, found.detail], [status, detail]);
    assert.equal(found.fix !== undefined, status === "warning");
  }
});

Deno.test("checkCollectors() asks once for what two collectors read, and names both", async () => {
  const client = createFakeClient();
  const endpoint = { endpoint: "/storage/drives", permission: "", since: "10.0" };
  const collectors = ["a", "b"].map((name) => fakeDefinition(name, { resources: [endpoint] }));
  const session = { client, version: "14.0" };
  const found = await checkCollectors(collectors, session, unlimited(), createFakeClock());
  assert.deepEqual(found.map(({ check }) => check), ["a", "b"]);
  assert.deepEqual(client.asked, ["/storage/drives"]);
});

Deno.test("tagOf() makes the tag of the vendor's example, and none of what is no base64", () => {
  assert.equal(tagOf("A1uMjmj93mrpsW9q"), "A1uMjmj93mo=");
  assert.equal(tagOf("no base64!"), undefined);
});

Deno.test("expiryText() says how long, in which direction, and the date", () => {
  const now = Date.parse("2026-11-27T12:00:00Z");
  assert.equal(expiryText(now + 30 * DAY_MS, now), "expires in 30 days (2026-12-27)");
  assert.equal(expiryText(now + DAY_MS, now), "expires in 1 day (2026-11-28)");
  assert.equal(expiryText(now - 2 * DAY_MS, now), "expired 2 days ago (2026-11-25)");
});

Deno.test("chainOf() ends at a certificate that names itself its issuer", () => {
  const root = { subject: { CN: "root" }, valid_to: "Nov 29 2027 GMT", fingerprint256: "r" };
  Object.assign(root, { issuerCertificate: root });
  const leaf = {
    subject: { O: "no common name" },
    valid_to: "Nov 29 2026 GMT",
    fingerprint256: "l",
    issuerCertificate: root,
  };
  // Only what is looked at.
  const chain = chainOf(leaf as unknown as DetailedPeerCertificate);
  assert.deepEqual(chain.map(({ subject }) => subject), ["no common name", "root"]);
  assert.deepEqual(chainOf(null), []);
});

Deno.test("checkTls() gives up on a port that says nothing after 10 s, and closes the connection", async () => {
  const clock = createFakeClock();
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.once("data", () => connected.resolve());
    socket.once("close", () => closed.resolve());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const target = { host: "127.0.0.1", port, ca: undefined, clientCertificate: undefined };
  const checking = checkTls(target, clock, clock.now());
  await connected.promise;
  await clock.advance(10_000);
  const { status, detail } = await checking;
  assert.equal(status, "failed");
  assert.match(detail, /no TLS on port \d+ of 127\.0\.0\.1: no response within 10 s/);
  await closed.promise;
  assert.equal(clock.pending, 0);
  server.close();
});
