/**
 * Why the server cannot listen.
 *
 * @module
 */
import { messageOf } from "../base/message_of.ts";

/** Kinds of failures. */
export type ListenFailure = "in-use" | "permission" | "not-local" | "unknown-host" | "other";

/** Thrown when an address cannot be listened on. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly host: string;
  readonly port: number;
  readonly reason: ListenFailure;

  /**
   * @param host Host as configured.
   * @param port Port as configured.
   * @param cause What the runtime threw.
   */
  constructor(host: string, port: number, cause: unknown) {
    const reason = reasonOf(cause);
    super(`cannot listen on ${hostPort(host, port)}: ${explain(reason, cause, host)}`, { cause });
    this.host = host;
    this.port = port;
    this.reason = reason;
  }
}

/** `0.0.0.0:9440`, `[::]:9440`. */
export function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function reasonOf(cause: unknown): ListenFailure {
  if (cause instanceof Deno.errors.AddrInUse) return "in-use";
  if (cause instanceof Deno.errors.PermissionDenied) return "permission";
  if (cause instanceof Deno.errors.NotCapable) return "permission";
  if (cause instanceof Deno.errors.AddrNotAvailable) return "not-local";
  return REASON_BY_CODE.get(codeOf(cause)) ?? "other";
}

/** Of `node:net` and `node:dns`, whose errors are told apart by codes only. */
const REASON_BY_CODE: ReadonlyMap<unknown, ListenFailure> = new Map([
  ["EADDRINUSE", "in-use"],
  ["EACCES", "permission"],
  ["EADDRNOTAVAIL", "not-local"],
  ["ENOTFOUND", "unknown-host"],
  ["EAI_AGAIN", "unknown-host"],
]);

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}

function explain(reason: ListenFailure, cause: unknown, host: string): string {
  switch (reason) {
    case "in-use":
      return 'the address is in use by another process; stop it or set "server.port" to a free port';
    case "permission":
      return cause instanceof Deno.errors.NotCapable
        ? "Deno was started without --allow-net for this address"
        : 'permission denied; set "server.port" to 1024 or above, or grant CAP_NET_BIND_SERVICE';
    case "not-local":
      return `"${host}" is not a local address; set "server.host" to one, or to 0.0.0.0 for all`;
    case "unknown-host":
      return `the host name "${host}" cannot be resolved; set "server.host" to an address of this ` +
        "machine, or to 0.0.0.0 for all";
    default:
      return messageOf(cause);
  }
}
