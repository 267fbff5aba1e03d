/**
 * What the exporter toolkit can do and Deno cannot. It is refused: a setting that restricts access
 * and is not obeyed would be worse than none. `docs/web-configuration.md` says how each was found.
 *
 * @module
 */
import type { IssueCollector } from "../../config/issues.ts";
import type { KeyPath } from "../../config/key_path.ts";
import type { ValidWebConfig } from "./schema.ts";

/** Adds a problem for each key that cannot be obeyed. */
export function refuseUnsupported(valid: ValidWebConfig, issues: IssueCollector): void {
  const tls = valid.tls_server_config;
  const refused: readonly [used: boolean, key: KeyPath, reason: string][] = [
    [
      (tls?.cipher_suites.length ?? 0) > 0,
      ["tls_server_config", "cipher_suites"],
      "cannot be set: Deno ignores the choice of cipher suites and offers only those with forward " +
      "secrecy and authenticated encryption; remove it",
    ],
    [
      tls?.prefer_server_cipher_suites !== undefined,
      ["tls_server_config", "prefer_server_cipher_suites"],
      "cannot be set: Deno always follows the order of the client; remove it (Go ignores it, too)",
    ],
    [
      (tls?.curve_preferences.length ?? 0) > 0,
      ["tls_server_config", "curve_preferences"],
      "cannot be set: Deno ignores the choice of curves; remove it",
    ],
    [
      (tls?.client_allowed_sans.length ?? 0) > 0,
      ["tls_server_config", "client_allowed_sans"],
      "cannot be set: Deno does not tell the names of a client's certificate apart without doubt; " +
      "remove it, and use an authority that signs only the clients that may connect",
    ],
    [
      valid.http_server_config.http2 === true,
      ["http_server_config", "http2"],
      "cannot be true: this exporter serves HTTP/1.1 only, with or without TLS; remove it",
    ],
  ];
  for (const [used, key, message] of refused) if (used) issues.add(key, { message });
}
