/**
 * The certificate that the primary's web server shows. No endpoint tells of it, and `fetch` does not
 * hand it out: only a TLS handshake of its own does.
 *
 * @module
 */
import { isIP } from "node:net";
import { connect, type PeerCertificate } from "node:tls";
import type { SiteConfig } from "../config/types.ts";

/** What matters of a web server's certificate. */
export interface WebCertificate {
  /** Common name of its subject; empty where it has none. */
  readonly subject: string;
  /** Until when it is valid, in milliseconds since the Unix epoch. */
  readonly notAfterMs: number;
}

/**
 * Makes a TLS handshake, sends nothing and reads the certificate. It is not verified: one that has
 * expired is to be seen as well.
 *
 * @param signal Ends it at once.
 * @throws Error What the network or TLS says; the signal's reason when aborted.
 */
export function readWebCertificate(
  { baseUrl, clientCertificate }: Pick<SiteConfig, "baseUrl" | "clientCertificate">,
  signal: AbortSignal,
): Promise<WebCertificate> {
  const { hostname, port } = new URL(baseUrl);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host,
      port: Number(port || 443),
      // Addresses are no server names (RFC 6066).
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      // Without one, Deno asks for the permission to read the system's authorities (--allow-sys).
      ca: [],
      ...(clientCertificate &&
        { cert: clientCertificate.cert, key: clientCertificate.key.reveal() }),
    });
    const end = (settle: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("error", (error) => end(() => reject(error)));
    socket.on("close", () => end(() => reject(new Error("the connection was closed"))));
    socket.on("secureConnect", () => {
      const certificate = toWebCertificate(socket.getPeerCertificate());
      end(() => certificate ? resolve(certificate) : reject(new Error("no certificate was shown")));
    });
  });
}

function toWebCertificate(peer: Partial<PeerCertificate> | null): WebCertificate | undefined {
  const notAfterMs = Date.parse(peer?.valid_to ?? "");
  if (Number.isNaN(notAfterMs)) return undefined;
  // Several common names make a list.
  return { subject: String(peer?.subject?.CN ?? ""), notAfterMs };
}
