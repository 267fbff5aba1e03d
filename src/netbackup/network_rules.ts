/**
 * The network's own words and what they mean. They are those of the two transports: rustls and hyper
 * under `fetch`, OpenSSL's names in Deno's `node:https`.
 *
 * @module
 */
import type { ErrorReason } from "./errors/reasons.ts";

/** What is wrong with the network. */
export interface NetworkProblem {
  readonly reason: Extract<ErrorReason, "dns" | "connect" | "tls" | "proxy" | "network">;
  /** What to do, in one clause. */
  readonly hint: string;
  /** True when a repetition a few seconds later cannot help. */
  readonly permanent?: boolean;
}

/** Words and their meaning. */
export interface NetworkRule extends NetworkProblem {
  readonly words: RegExp;
  /** Only with this scheme. */
  readonly scheme?: "http" | "https";
}

/** The first that matches holds: what is special comes before what is general. */
export const NETWORK_RULES: readonly NetworkRule[] = [
  {
    words: /requires net access|NotCapable/i,
    reason: "connect",
    hint: "allow it with --allow-net",
    permanent: true,
  },
  {
    words: /requests to port \d+ are blocked/i,
    reason: "connect",
    hint: 'this port is reserved for another protocol: check "port"',
    permanent: true,
  },
  {
    words: /too many open files|EMFILE|ENFILE/i,
    reason: "connect",
    hint: "raise the limit of open files of the exporter",
  },
  {
    words: /proxy authentication required/i,
    reason: "proxy",
    hint: 'check the credentials in "proxy"',
    permanent: true,
  },
  {
    words: /unsuccessful tunnel/i,
    reason: "proxy",
    hint: "the proxy opens no tunnel: it cannot reach the primary, or may not connect to its port",
  },
  {
    words: /while tunneling|proxy server unreachable|socks/i,
    reason: "proxy",
    hint: 'check "proxy" and that the proxy runs',
  },
  {
    words: /certificate ?required/i,
    reason: "tls",
    hint: 'the primary asks for a client certificate: check "clientCertFile" and "clientKeyFile"',
    permanent: true,
  },
  {
    words: /alert: (\w*Certificate\w*|UnknownCA|AccessDenied|DecryptError)/i,
    reason: "tls",
    hint: "the primary refuses the client certificate: check that it has not expired, and that " +
      "the primary knows the CA that issued it",
    permanent: true,
  },
  {
    words: /alert: UnrecognisedName/i,
    reason: "tls",
    hint: 'use a "host" that the primary goes by',
    permanent: true,
  },
  {
    words: /alert: (ProtocolVersion|HandshakeFailure|InsufficientSecurity)|peer is incompatible/i,
    reason: "tls",
    hint: "the primary offers neither TLS 1.2 nor 1.3 with a cipher that the exporter accepts: " +
      "update its TLS settings",
    permanent: true,
  },
  {
    words: /NotValidForName|not valid for name|altname/i,
    reason: "tls",
    hint: 'use a "host" that the certificate names',
    permanent: true,
  },
  {
    words: /certificate:? expired|certificate has expired|CERT_HAS_EXPIRED/i,
    reason: "tls",
    hint: "the certificate of the primary has expired: renew it there; if it has not, set the " +
      "clock of this machine",
    permanent: true,
  },
  {
    words: /NotValidYet|not valid yet/i,
    reason: "tls",
    hint: "the certificate of the primary is not valid yet: compare the clocks of both machines",
    permanent: true,
  },
  {
    words: /Revoked/i,
    reason: "tls",
    hint: "the certificate of the primary was revoked: renew it there",
    permanent: true,
  },
  {
    words: /CaUsedAsEndEntity/i,
    reason: "tls",
    hint: "the primary shows the certificate of a CA instead of its own: give it one that its CA " +
      "issued",
    permanent: true,
  },
  {
    words: /BadSignature/i,
    reason: "tls",
    hint: 'another CA of the same name issued the certificate: put the present one into "caFile"',
    permanent: true,
  },
  {
    words: /UnknownIssuer|self.signed|Unable ?To ?Verify/i,
    reason: "tls",
    hint: 'put the certificate of the NetBackup CA into "caFile"',
    permanent: true,
  },
  {
    words: /certificate/i,
    reason: "tls",
    hint: 'the certificate of the primary is not accepted: check it, and "caFile"',
    permanent: true,
  },
  {
    words: /InvalidContentType|wrong.version.number/i,
    reason: "tls",
    hint: 'the port does not speak HTTPS: check "port", or set "scheme" to "http"',
    permanent: true,
  },
  {
    words: /invalid HTTP version/i,
    scheme: "http",
    reason: "tls",
    hint: 'the port speaks something else than HTTP: set "scheme" to "https", or check "port"',
    permanent: true,
  },
  {
    words: /tls handshake eof|before secure TLS connection|handshake/i,
    reason: "tls",
    hint:
      'the connection ended in the TLS handshake: check "port" and "scheme", and firewalls in ' +
      "between",
  },
  {
    words: /dns error|ENOTFOUND|EAI_AGAIN|getaddrinfo/i,
    reason: "dns",
    hint: 'check "host" and the name resolution of this machine',
  },
  {
    words: /connection refused|ECONNREFUSED/i,
    reason: "connect",
    hint: 'check "host" and "port", and that the NetBackup web services run',
  },
  {
    words: /unreachable|no route to host|EHOSTUNREACH|ENETUNREACH|connect.*timed out|ETIMEDOUT/i,
    reason: "connect",
    hint: 'check "host", routes, and firewalls between this machine and the primary',
  },
  {
    words: /tcp connect error|^connect /i,
    reason: "connect",
    hint: 'check "host" and "port"',
  },
  {
    words: /connection closed before|reset|socket hang up/i,
    scheme: "http",
    reason: "network",
    hint: 'if this lasts, the port may speak HTTPS: check "scheme" and "port"',
  },
];
