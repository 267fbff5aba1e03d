import assert from "node:assert/strict";
import { networkProblem, withoutNoise } from "../../src/netbackup/network_problem.ts";

const HTTPS = { scheme: "https", proxied: false } as const;
const HTTP = { scheme: "http", proxied: false } as const;
const PROXIED = { scheme: "https", proxied: true } as const;

// The words are those that both transports were heard to say.
for (
  const [words, path, reason, hint] of [
    ["dns error: failed to lookup address information", HTTPS, "dns", /"host"/],
    ["getaddrinfo ENOTFOUND nbu.invalid", HTTPS, "dns", /name resolution/],
    ["tcp connect error: Connection refused (os error 111)", HTTPS, "connect", /"port"/],
    ["connect ECONNREFUSED 127.0.0.1:1556", HTTPS, "connect", /web services run/],
    ["tcp connect error: No route to host (os error 113)", HTTPS, "connect", /firewalls/],
    ["connect ETIMEDOUT 10.0.0.1:1556", HTTPS, "connect", /firewalls/],
    ["tcp connect error: Cannot assign requested address", HTTPS, "connect", /"host"/],
    ["tcp connect error: Too many open files (os error 24)", HTTPS, "connect", /open files/],
    ['Requires net access to "h:1556"', HTTPS, "connect", /--allow-net/],
    ["Requests to port 22 are blocked", HTTPS, "connect", /"port"/],
    ["invalid peer certificate: UnknownIssuer", HTTPS, "tls", /NetBackup CA into "caFile"/],
    ["invalid peer certificate: Expired", HTTPS, "tls", /expired: renew it/],
    ["invalid peer certificate: certificate expired", HTTPS, "tls", /expired: renew it/],
    ["invalid peer certificate: certificate not valid yet", HTTPS, "tls", /clocks/],
    ['invalid peer certificate: certificate not valid for name "a"', HTTPS, "tls", /names/],
    ["invalid peer certificate: NotValidForName", HTTPS, "tls", /names/],
    ["invalid peer certificate: BadSignature", HTTPS, "tls", /another CA/],
    ["invalid peer certificate: Revoked", HTTPS, "tls", /revoked/],
    ["invalid peer certificate: Other(CaUsedAsEndEntity)", HTTPS, "tls", /certificate of a CA/],
    ["invalid peer certificate: BadEncoding", HTTPS, "tls", /is not accepted/],
    ["received fatal alert: CertificateRequired", HTTPS, "tls", /clientCertFile/],
    ["received fatal alert: CertificateExpired", HTTPS, "tls", /refuses the client certificate/],
    ["received fatal alert: UnknownCA", HTTPS, "tls", /refuses the client certificate/],
    ["received fatal alert: UnrecognisedName", HTTPS, "tls", /"host"/],
    ["received fatal alert: ProtocolVersion", HTTPS, "tls", /TLS 1.2/],
    ["received fatal alert: HandshakeFailure", HTTPS, "tls", /cipher/],
    ["received corrupt message of type InvalidContentType", HTTPS, "tls", /"scheme" to "http"/],
    ["(SSL routines:ssl3_get_record:wrong version number)", HTTPS, "tls", /"scheme" to "http"/],
    ["tls handshake eof", HTTPS, "tls", /ended in the TLS handshake/],
    ["socket disconnected before secure TLS connection was established", HTTPS, "tls", /ended in/],
    ["invalid HTTP version parsed", HTTP, "tls", /"scheme" to "https"/],
    ["connection closed before message completed", HTTP, "network", /may speak HTTPS/],
    ["socket hang up", HTTPS, "network", /broke/],
    ["error reading a body from connection", HTTP, "network", /broke/],
    ["proxy authentication required", PROXIED, "proxy", /credentials in "proxy"/],
    ["unsuccessful tunnel", PROXIED, "proxy", /opens no tunnel/],
    ["unexpected eof while tunneling", PROXIED, "proxy", /that the proxy runs/],
    ["Proxy server unreachable", PROXIED, "proxy", /that the proxy runs/],
    ["dns error: failed to lookup address information", PROXIED, "proxy", /not the primary/],
    ["tcp connect error: Connection refused (os error 111)", PROXIED, "proxy", /not the primary/],
    ["invalid peer certificate: UnknownIssuer", PROXIED, "tls", /"caFile"/],
  ] as const
) {
  Deno.test(`networkProblem() takes "${words}" over ${path.scheme}${path.proxied ? " by proxy" : ""} for ${reason}`, () => {
    const problem = networkProblem(words, path);
    assert.equal(problem.reason, reason);
    assert.match(problem.hint, hint);
  });
}

Deno.test("networkProblem() tells an expired certificate from an unknown authority", () => {
  assert.doesNotMatch(networkProblem("invalid peer certificate: Expired", HTTPS).hint, /caFile/);
});

Deno.test("networkProblem() calls permanent what a repetition cannot help", () => {
  assert.equal(networkProblem("invalid peer certificate: Expired", HTTPS).permanent, true);
  assert.equal(networkProblem("proxy authentication required", PROXIED).permanent, true);
  for (const words of ["Connection refused", "dns error: x", "tls handshake eof", "reset"]) {
    assert.notEqual(networkProblem(words, HTTPS).permanent, true, words);
  }
});

for (
  const [words, kept] of [
    [
      "fetch failed: error sending request from 127.0.0.1:34680 for http://localhost:45253/x " +
      "(127.0.0.1:45253): client error (SendRequest): connection closed before message completed",
      "connection closed before message completed",
    ],
    [
      "fetch failed: error sending request from [::1]:34680 for https://h/x?a=%28 ([::1]:1556): " +
      "client error (SendRequest): http2 error",
      "http2 error",
    ],
    [
      "fetch failed: error sending request for url (https://h:1556/x): client error (Connect): " +
      "tcp connect error: Connection refused (os error 111)",
      "tcp connect error: Connection refused (os error 111)",
    ],
    [
      "connect EADDRNOTAVAIL 10.0.0.1:1556 - Local (0.0.0.0:43121)",
      "connect EADDRNOTAVAIL 10.0.0.1:1556",
    ],
    [
      "peer closed connection without sending TLS close_notify: " +
      "https://docs.rs/rustls/latest/rustls/manual/_03_howto/index.html#unexpected-eof",
      "peer closed connection without sending TLS close_notify",
    ],
    [
      "invalid peer certificate: certificate expired: verification time 1764205000 (UNIX), but " +
      "certificate is not valid after 1764118600 (86400 seconds ago)",
      "invalid peer certificate: certificate expired",
    ],
    ["connection reset", "connection reset"],
  ] as const
) {
  Deno.test(`withoutNoise() keeps "${kept}"`, () => {
    assert.equal(withoutNoise(words), kept);
  });
}
