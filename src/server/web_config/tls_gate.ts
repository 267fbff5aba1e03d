/**
 * Encrypts connections that listeners have accepted. A change of the certificates makes a new gate,
 * so no listener closes and no handshake that is under way fails.
 *
 * @module
 */
import type { Socket } from "node:net";
import { createServer, type Server, type TlsOptions, type TLSSocket } from "node:tls";
import type { Logger } from "../../telemetry/logger.ts";
import type { ClientAuth, TlsSettings } from "./types.ts";

/** What the gate needs. */
export interface TlsGateOptions {
  readonly settings: TlsSettings;
  readonly logger: Logger;
  /**
   * Takes a connection after its handshake.
   *
   * @param secure The connection as a client of the server sees it.
   * @param accepted The connection below it.
   */
  readonly onSecure: (secure: Socket, accepted: Socket) => void;
}

/** Makes handshakes; it does not listen by itself. */
export class TlsGate {
  readonly #options: TlsGateOptions;
  readonly #server: Server;
  /** Connections in their handshake, by both their addresses: those tell connections apart. */
  readonly #pending = new Map<string, Socket>();

  /** @throws Error When the TLS stack does not take the certificates. */
  constructor(options: TlsGateOptions) {
    this.#options = options;
    this.#server = createServer(tlsOptions(options.settings));
    this.#server.on("secureConnection", (secure) => this.#admit(secure));
    this.#server.on("tlsClientError", ({ message }, secure) => {
      const client = secure.remoteAddress;
      options.logger.debug("TLS handshake failed", { client, reason: message });
      secure.destroy();
    });
  }

  /** Begins the handshake of a connection. Whoever accepted it limits its time. */
  accept(socket: Socket): void {
    const addresses = addressesOf(socket);
    this.#pending.set(addresses, socket);
    socket.once("close", () => {
      if (this.#pending.get(addresses) === socket) this.#pending.delete(addresses);
    });
    // A connection that ends before its handshake would stay open half-way otherwise.
    socket.allowHalfOpen = false;
    // What fails here shows in the connection above; without a listener it would end the process.
    socket.on("error", () => {});
    this.#server.emit("connection", socket);
  }

  #admit(secure: TLSSocket): void {
    const addresses = addressesOf(secure);
    const accepted = this.#pending.get(addresses);
    this.#pending.delete(addresses);
    secure.on("error", () => {});
    const refusal = clientFault(this.#options.settings.clientAuth, secure);
    if (accepted && refusal === undefined) {
      this.#options.onSecure(secure, accepted);
      return;
    }
    this.#options.logger.debug("rejected TLS client", {
      client: secure.remoteAddress,
      reason: refusal ?? "the connection is closed",
    });
    secure.destroy();
  }
}

function tlsOptions(settings: TlsSettings): TlsOptions {
  const { cert, key, clientAuth, clientCa, minVersion, maxVersion } = settings;
  return {
    ...{ cert, key: key.reveal(), minVersion, maxVersion },
    ...(clientCa === undefined ? {} : { ca: clientCa }),
    requestCert: clientAuth !== "NoClientCert",
    rejectUnauthorized: clientAuth === "RequireAndVerifyClientCert",
  };
}

/** Why a client may not connect, of what the TLS stack itself does not check. */
function clientFault(clientAuth: ClientAuth, secure: TLSSocket): string | undefined {
  if (clientAuth === "NoClientCert" || clientAuth === "RequestClientCert") return undefined;
  // Without a certificate there is an empty object.
  const presented = secure.getPeerCertificate()?.raw !== undefined;
  switch (clientAuth) {
    case "RequireAnyClientCert":
      return presented ? undefined : "it presented no certificate";
    case "VerifyClientCertIfGiven":
      return presented && !secure.authorized ? "its certificate is not valid" : undefined;
    case "RequireAndVerifyClientCert":
      return secure.authorized ? undefined : "its certificate is not valid";
  }
}

function addressesOf(socket: Socket): string {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
