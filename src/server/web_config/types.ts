/**
 * The web configuration as the server uses it: validated, complete, its files read.
 *
 * @module
 */
import type { Secret } from "../../base/secret.ts";

/**
 * Whether clients must present a certificate, and whether it must be signed by `clientCa`. The names
 * are those of Go's `crypto/tls`, which the file uses.
 */
export type ClientAuth =
  | "NoClientCert"
  | "RequestClientCert"
  | "RequireAnyClientCert"
  | "VerifyClientCertIfGiven"
  | "RequireAndVerifyClientCert";

/** Versions of TLS that Deno has. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** How connections are encrypted. */
export interface TlsSettings {
  /** Certificate chain of the server, PEM. */
  readonly cert: string;
  /** Its private key, PEM. */
  readonly key: Secret;
  readonly clientAuth: ClientAuth;
  /** Authorities that sign the certificates of clients, PEM. */
  readonly clientCa: string | undefined;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
}

/** A token bucket for all requests together. */
export interface RateLimit {
  /** Time in which one token is added, in milliseconds; above 0. */
  readonly intervalMs: number;
  /** Tokens the bucket holds; 1 or more. */
  readonly burst: number;
}

/** Who may use the server, and how. */
export interface WebConfig {
  /** Undefined serves plain HTTP. */
  readonly tls: TlsSettings | undefined;
  /** Headers that are set on every response, by name. */
  readonly headers: ReadonlyMap<string, string>;
  /** bcrypt hashes by user; without users everyone may read. */
  readonly users: ReadonlyMap<string, Secret>;
  readonly rateLimit: RateLimit | undefined;
}

/** What applies without a web configuration file. */
export const OPEN_WEB_CONFIG: WebConfig = Object.freeze({
  tls: undefined,
  headers: new Map(),
  users: new Map(),
  rateLimit: undefined,
});

/** What loading a web configuration gives. */
export interface LoadedWebConfig {
  readonly config: WebConfig;
  /** Absolute paths of the file and of all it names. */
  readonly files: readonly string[];
  /** Digests of those files as they were read, by path. */
  readonly fingerprints: ReadonlyMap<string, string>;
}
