import assert from "node:assert/strict";
import { hostPort, ListenError } from "../../src/server/listen_error.ts";

const CASES = [
  [
    new Deno.errors.AddrInUse("x"),
    "in-use",
    "cannot listen on 0.0.0.0:9440: the address is in use by another process; stop it or set " +
    '"server.port" to a free port',
  ],
  [
    new Deno.errors.PermissionDenied("x"),
    "permission",
    'cannot listen on 0.0.0.0:9440: permission denied; set "server.port" to 1024 or above, or ' +
    "grant CAP_NET_BIND_SERVICE",
  ],
  [
    new Deno.errors.NotCapable("x"),
    "permission",
    "cannot listen on 0.0.0.0:9440: Deno was started without --allow-net for this address",
  ],
  [
    new Deno.errors.AddrNotAvailable("x"),
    "not-local",
    'cannot listen on 0.0.0.0:9440: "0.0.0.0" is not a local address; set "server.host" to ' +
    "one, or to 0.0.0.0 for all",
  ],
  [
    Object.assign(new Error("getaddrinfo ENOTFOUND nbu"), { code: "ENOTFOUND" }),
    "unknown-host",
    'cannot listen on 0.0.0.0:9440: the host name "0.0.0.0" cannot be resolved; set "server.host" ' +
    "to an address of this machine, or to 0.0.0.0 for all",
  ],
  [
    Object.assign(new Error("listen EADDRINUSE"), { code: "EADDRINUSE" }),
    "in-use",
    "cannot listen on 0.0.0.0:9440: the address is in use by another process; stop it or set " +
    '"server.port" to a free port',
  ],
  [new Error("strange"), "other", "cannot listen on 0.0.0.0:9440: strange"],
  ["text", "other", "cannot listen on 0.0.0.0:9440: text"],
] as const;

for (const [cause, reason, message] of CASES) {
  Deno.test(`ListenError says what to do about ${cause} (${reason})`, () => {
    const error = new ListenError("0.0.0.0", 9440, cause);
    assert.equal(error.message, message);
    assert.equal(error.reason, reason);
    assert.equal(error.cause, cause);
    assert.deepEqual([error.name, error.host, error.port], ["ListenError", "0.0.0.0", 9440]);
  });
}

Deno.test("hostPort() puts IPv6 addresses in brackets", () => {
  assert.equal(hostPort("::", 9440), "[::]:9440");
  assert.equal(hostPort("127.0.0.1", 1), "127.0.0.1:1");
});
