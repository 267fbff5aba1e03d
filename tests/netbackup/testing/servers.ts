/**
 * Real servers on this machine, for the tests of the transports.
 *
 * @module
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createTlsServer } from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createRawTlsServer } from "node:tls";
import { Secret } from "../../../src/base/secret.ts";
import type { ClientCertificate } from "../../../src/config/types.ts";
import { type Certificates, makeCertificates } from "../../testing/certificates.ts";

/** Certificates in a directory that goes away. */
export interface CertificateDirectory extends AsyncDisposable {
  readonly files: Certificates;
  readonly ca: string;
  readonly clientCertificate: ClientCertificate;
}

/**
 * Makes certificates for one test.
 *
 * @param serverDays Validity of the server's; -1 = it has expired.
 */
export async function certificateDirectory(serverDays = 2): Promise<CertificateDirectory> {
  const directory = await mkdtemp(join(tmpdir(), "nbu-certificates-"));
  const files = await makeCertificates(directory, serverDays);
  return {
    files,
    ca: await readFile(files.caFile, "utf8"),
    clientCertificate: {
      certFile: files.clientCertFile,
      keyFile: files.clientKeyFile,
      cert: await readFile(files.clientCertFile, "utf8"),
      key: new Secret(await readFile(files.clientKeyFile, "utf8")),
    },
    async [Symbol.asyncDispose]() {
      await rm(directory, { recursive: true });
    },
  };
}

/** A server that listens. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts a web server; with a certificate it speaks TLS. */
export async function serve(
  handler: (request: Request) => Response | Promise<Response>,
  tls?: { readonly certFile: string; readonly keyFile: string },
): Promise<RunningServer> {
  const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
  const server = tls === undefined ? Deno.serve(options, handler) : Deno.serve({
    ...options,
    cert: await readFile(tls.certFile, "utf8"),
    key: await readFile(tls.keyFile, "utf8"),
  }, handler);
  return {
    port: server.addr.port,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}

/** A server that counts the connections to it. */
export interface CountingServer extends RunningServer {
  /** Connections open now. */
  readonly open: number;
  /** Connections ever made. */
  readonly made: number;
}

/** Starts a TLS server that answers JSON and never closes a connection of its own accord. */
export async function serveCounting(files: Certificates): Promise<CountingServer> {
  const sockets = new Set<Socket>();
  let made = 0;
  const server = createTlsServer({
    cert: await readFile(files.serverCertFile, "utf8"),
    key: await readFile(files.serverKeyFile, "utf8"),
  }, (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end("{}");
  });
  server.keepAliveTimeout = 0;
  server.on("secureConnection", (socket: Socket) => {
    made++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  const running = await listening(server, sockets);
  return {
    port: running.port,
    get open() {
      return sockets.size;
    },
    get made() {
      return made;
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** Starts a TLS server that demands a client certificate and answers JSON with its subject. */
export async function serveMutualTls(files: Certificates): Promise<RunningServer> {
  const server = createTlsServer({
    cert: await readFile(files.serverCertFile, "utf8"),
    key: await readFile(files.serverKeyFile, "utf8"),
    ca: await readFile(files.caFile, "utf8"),
    requestCert: true,
    rejectUnauthorized: true,
  }, (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.setHeader("connection", "close");
    response.end('{"mutual":true}');
  });
  return await listening(server);
}

/** Starts a server below HTTP, or below TLS, that does with a connection what the test says. */
export async function serveRaw(
  onConnection: (socket: Socket) => void,
  tls?: { readonly certFile: string; readonly keyFile: string },
): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    onConnection(socket);
  };
  const server = tls === undefined ? createServer(accept) : createRawTlsServer({
    cert: await readFile(tls.certFile, "utf8"),
    key: await readFile(tls.keyFile, "utf8"),
  }, accept);
  return await listening(server, sockets);
}

async function listening(
  server: Server,
  sockets: ReadonlySet<Socket> = new Set(),
): Promise<RunningServer> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
