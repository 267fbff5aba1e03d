/**
 * The way to a primary below HTTP: its name, its port, its certificates.
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Clock } from "../../base/clock.ts";
import { startDeadline } from "../../base/deadline.ts";
import { messageOf } from "../../base/message_of.ts";
import { abortable } from "../../base/signals.ts";
import type { SiteConfig } from "../../config/types.ts";
import { certificatesFinding, chainOf } from "./certificates.ts";
import type { Finding } from "./finding.ts";

/** How long a connection may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** The part of a site's configuration that leads to it. */
export type Target = Pick<SiteConfig, "host" | "port" | "ca" | "clientCertificate">;

/** Resolves the name of the primary as the system does. */
export async function checkName({ host }: Target, clock: Clock): Promise<Finding> {
  const check = "name";
  if (isIP(host) !== 0) return { check, status: "skipped", detail: `${host} is an address` };
  const begin = clock.monotonic();
  try {
    const found = await lookup(host, { all: true });
    const addresses = [...new Set(found.map(({ address }) => address))].join(", ");
    const milliseconds = clock.monotonic() - begin;
    return { check, status: "ok", detail: `${host} is ${addresses}`, milliseconds };
  } catch (error) {
    return {
      check,
      status: "failed",
      detail: `${host} cannot be resolved: ${messageOf(error)}`,
      fix: 'Check "host" and the name resolution of this machine.',
      milliseconds: clock.monotonic() - begin,
    };
  }
}

/** Connects to the port of the primary. */
export async function checkConnection({ host, port }: Target, clock: Clock): Promise<Finding> {
  const check = "connection";
  const begin = clock.monotonic();
  try {
    const socket = await opened(connectTcp({ host, port }), "connect", clock);
    const detail = `${socket.remoteAddress ?? host}, port ${port}`;
    socket.destroy();
    return { check, status: "ok", detail, milliseconds: clock.monotonic() - begin };
  } catch (error) {
    return {
      check,
      status: "failed",
      detail: `port ${port} of ${host} cannot be reached: ${messageOf(error)}`,
      fix:
        'Check "host" and "port", firewalls in between, and that the NetBackup web services run.',
      milliseconds: clock.monotonic() - begin,
    };
  }
}

/**
 * Shakes hands and looks at the certificates. Whether they are trusted is left to the client, which
 * has rules of its own.
 *
 * @param nowMs Wall clock time, in milliseconds since the Unix epoch.
 */
export async function checkTls(target: Target, clock: Clock, nowMs: number): Promise<Finding> {
  const { host, port, ca, clientCertificate } = target;
  const begin = clock.monotonic();
  try {
    const socket = await opened<TLSSocket>(
      connectTls({
        host,
        port,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        // Without any, Deno asks for the permission to read the system's (--allow-sys).
        ca: ca === undefined ? [] : [ca],
        ...(clientCertificate
          ? { cert: clientCertificate.cert, key: clientCertificate.key.reveal() }
          : {}),
        rejectUnauthorized: false,
        minVersion: "TLSv1.2",
      }),
      "secureConnect",
      clock,
    );
    const protocol = socket.getProtocol() ?? "TLS";
    const chain = chainOf(socket.getPeerCertificate(true));
    socket.destroy();
    const milliseconds = clock.monotonic() - begin;
    return { ...certificatesFinding("tls", protocol, chain, nowMs), milliseconds };
  } catch (error) {
    return {
      check: "tls",
      status: "failed",
      detail: `no TLS on port ${port} of ${host}: ${messageOf(error)}`,
      fix:
        'Check "port" and "scheme", and "clientCertFile" where the primary asks for a certificate.',
      milliseconds: clock.monotonic() - begin,
    };
  }
}

/** Waits until a socket is open; one that does not open in time is destroyed. */
async function opened<S extends Socket>(
  socket: S,
  event: "connect" | "secureConnect",
  clock: Clock,
): Promise<S> {
  const { promise, resolve, reject } = Promise.withResolvers<S>();
  socket.once(event, () => resolve(socket));
  // Stays: a socket that fails after it has opened must not end the program.
  socket.on("error", reject);
  using limit = startDeadline({
    clock,
    milliseconds: TIMEOUT_MS,
    reason: () => new Error(`no response within ${TIMEOUT_MS / 1000} s`),
  });
  try {
    return await abortable(promise, limit.signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
