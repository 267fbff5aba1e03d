/**
 * Answers requests over HTTP/1.1 within limits.
 *
 * This is `node:http` and not `Deno.serve`, which has no limits of its own (connections, time,
 * responses), accepts HTTP/2 without encryption, where one connection may hold hundreds of responses
 * back, copies every body, and cannot end a connection whose client does not read. `node:http` sends
 * a large page faster as well (`deno task bench servers`).
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { settlesWithin } from "../base/settles_within.ts";
import { sameValue } from "../config/comparison/same_value.ts";
import type { Logger } from "../telemetry/logger.ts";
import { Connections } from "./connections.ts";
import { sendResponse, toRequest } from "./exchange.ts";
import type { CloseListenerOptions, Handler } from "./listener.ts";
import type { ServerLimits } from "./limits.ts";
import { ResponseSlots } from "./response_slots.ts";
import { ROUTES } from "./routes.ts";
import type { ServerCounts } from "./server_counts.ts";
import { TlsGate } from "./web_config/tls_gate.ts";
import type { TlsSettings } from "./web_config/types.ts";

/** How long requests in flight may go on at the end, in milliseconds. */
const DRAIN_MS = 5000;

/** How long a connection may take for the last bytes of a response after the draining was cut. */
const LAST_BYTES_MS = 500;

/** Small responses that must not wait for anything: whether the process is alive. */
const UNLIMITED_PATHS: ReadonlySet<string> = new Set([
  ROUTES.health,
  ROUTES.healthy,
  ROUTES.ready,
]);

/** What the server needs. */
export interface HttpServerOptions {
  readonly handler: Handler;
  readonly logger: Logger;
  readonly limits: ServerLimits;
  readonly counts: ServerCounts;
  /** How connections are encrypted; not at all when undefined. */
  readonly tls?: TlsSettings | undefined;
}

/** Answers the requests of connections that listeners hand to it. */
export class HttpServer {
  readonly #logger: Logger;
  readonly #counts: ServerCounts;
  readonly #server: Server;
  readonly #connections: Connections;
  #handler: Handler;
  readonly #slots: ResponseSlots;
  #tls: TlsGate | undefined;
  #tlsSettings: TlsSettings | undefined;
  /** The connection that was accepted, by the encrypted one over it. */
  readonly #accepted = new WeakMap<Socket, Socket>();
  /** Ends the waiting for a handler, one function for each. */
  readonly #waiting = new Set<(response: Response) => void>();
  /** Requests that are being answered or wait for a slot. */
  #underWay = 0;
  #closing = false;
  /** Settles when nothing is under way any more, while closing. */
  readonly #idle = Promise.withResolvers<void>();

  constructor({ handler, logger, limits, counts, tls }: HttpServerOptions) {
    this.#handler = handler;
    this.#logger = logger;
    this.#slots = new ResponseSlots(limits.maxResponses, limits.responseWaitMs);
    this.#counts = counts;
    this.#connections = new Connections({ limits, onClosed: (reason) => counts.closed(reason) });
    this.#server = createServer({ keepAliveTimeout: limits.idleMs }, (incoming, outgoing) => {
      this.#respond(incoming, outgoing);
    });
    // The listeners hand their connections over, so that these outlive a change of the address.
    // Deno ends a connection after its response if the server itself does not listen.
    Object.defineProperty(this.#server, "listening", { value: true });
    this.setTls(tls);
  }

  /** Connections open now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Replaces the handler for requests to come. */
  setHandler(handler: Handler): void {
    this.#handler = handler;
  }

  /**
   * Encrypts connections to come in this way. Where that is a change, those that are open come to
   * their end with their next response: who is kept out now must not stay for days.
   *
   * @param settings Undefined serves plain HTTP.
   * @throws Error When the TLS stack does not take the certificates; then nothing has changed.
   */
  setTls(settings: TlsSettings | undefined): void {
    if (sameValue(settings, this.#tlsSettings)) return;
    this.#tls = settings && new TlsGate({
      settings,
      logger: this.#logger,
      onSecure: (secure, accepted) => {
        this.#accepted.set(secure, accepted);
        this.#server.emit("connection", secure);
      },
    });
    this.#tlsSettings = settings;
    this.#connections.retire();
  }

  /**
   * Takes a connection.
   *
   * @param origin The listener that accepted it.
   */
  accept(socket: Socket, origin: object): void {
    if (this.#closing) socket.destroy();
    else if (!this.#connections.add(socket, origin)) return;
    else if (this.#tls) this.#tls.accept(socket);
    else this.#server.emit("connection", socket);
  }

  /** Lets the connections of a listener come to their end. */
  retire(origin: object): void {
    this.#connections.retire(origin);
  }

  /**
   * Lets requests in flight end, then answers what is left with 503, then closes every connection.
   */
  async close({ timeoutMs = DRAIN_MS, signal }: CloseListenerOptions = {}): Promise<void> {
    this.#closing = true;
    this.#connections.closeIdle();
    if (this.#underWay === 0) this.#idle.resolve();
    const drained = this.#idle.promise;
    const inTime = await settlesWithin(drained, timeoutMs, signal);
    this.#slots.close();
    if (!inTime) {
      this.#logger.warn("aborted requests in flight", { requests: this.#underWay });
      for (const respond of this.#waiting) respond(text(503, "Shutting down\n"));
      if (!await settlesWithin(drained, LAST_BYTES_MS)) {
        this.#logger.warn("closed connections of clients that do not read their response", {
          requests: this.#underWay,
        });
      }
    }
    this.#connections.destroy();
  }

  async #respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const socket = this.#accepted.get(incoming.socket) ?? incoming.socket;
    this.#underWay += 1;
    let ended = false;
    let hasSlot = false;
    const onEnd = () => {
      ended = true;
      this.#underWay -= 1;
      if (hasSlot) this.#slots.release();
      if (this.#closing && this.#underWay === 0) this.#idle.resolve();
    };
    const last = this.#connections.begin(socket, onEnd);
    outgoing.once("close", () => this.#connections.end(socket, onEnd));
    // A client that goes away in mid-response is no fault; without a listener it would end us.
    outgoing.on("error", () => {});
    // A request body is not read, so nothing that follows it on the connection would make sense.
    if (last || this.#closing || hasBody(incoming)) outgoing.setHeader("Connection", "close");
    try {
      const limited = !UNLIMITED_PATHS.has(incoming.url ?? "");
      const slot = limited && this.#slots.take();
      hasSlot = typeof slot === "boolean" ? slot : await slot;
      if (ended) {
        // The client has gone while it waited.
        if (hasSlot) this.#slots.release();
        return;
      }
      const response = limited && !hasSlot ? this.#refuse() : await this.#handle(incoming);
      if (!ended) await sendResponse(outgoing, response, incoming.method !== "HEAD");
    } catch (error) {
      this.#logger.error("request failed: internal error", { error });
      outgoing.destroy();
    }
  }

  async #handle(incoming: IncomingMessage): Promise<Response> {
    const request = toRequest(incoming);
    if (!request) return text(400, "Bad request\n");
    const { promise, resolve } = Promise.withResolvers<Response>();
    this.#waiting.add(resolve);
    try {
      // The handler cannot be stopped, so one that takes too long is answered in its place.
      this.#callHandler(request).then(resolve);
      return await promise;
    } finally {
      this.#waiting.delete(resolve);
    }
  }

  async #callHandler(request: Request): Promise<Response> {
    try {
      return await this.#handler(request);
    } catch (error) {
      this.#logger.error("request failed: internal error", { error });
      return text(500, "Internal server error\n");
    }
  }

  #refuse(): Response {
    this.#counts.requestRefused();
    return text(503, "Too many requests in flight, try again later\n");
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
}

function text(status: number, body: string): Response {
  return new Response(body, { status, headers: { "Content-Type": "text/plain; charset=UTF-8" } });
}
