/**
 * Connections of clients, and how long each may last.
 *
 * @module
 */
import type { Socket } from "node:net";
import type { ServerLimits } from "./limits.ts";

/** How often connections are looked at whether their time is over, in milliseconds. */
const SWEEP_MS = 1000;

/**
 * Requests that a connection may send ahead of their responses. Prometheus sends none; without a
 * limit, requests would pile up behind a response that is not read.
 */
const MAX_PIPELINED = 8;

/** Why a connection was closed by the exporter. */
export type CloseReason = "limit" | "timeout";

interface Connection {
  /** The listener that accepted it. */
  readonly origin: object;
  /** What to call when a request that is being answered has come to its end, one for each. */
  readonly requests: Set<() => void>;
  /** Whether a request was answered. */
  used: boolean;
  /** When it last changed between idle and busy. */
  since: number;
  /** When its listener stopped listening. */
  retiredAt: number | undefined;
}

/** What the connections need. */
export interface ConnectionsOptions {
  readonly limits: ServerLimits;
  /** Called for each connection that is closed before its client does. */
  readonly onClosed: (reason: CloseReason) => void;
}

/** The open connections. Those that were idle longest come first. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #open = new Map<Socket, Connection>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS);
    Deno.unrefTimer(this.#timer);
  }

  /** Connections open now. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Adds a connection. Beyond the limit the one that has been idle longest makes room; where none
   * is idle the new one is closed.
   *
   * @param origin The listener that accepted it.
   * @returns Whether the connection may be served.
   */
  add(socket: Socket, origin: object): boolean {
    if (this.#open.size >= this.#options.limits.maxConnections) {
      const idle = this.#longestIdle();
      this.#close(idle ?? socket, "limit");
      if (!idle) return false;
    }
    const connection = {
      ...{ origin, requests: new Set<() => void>(), used: false },
      ...{ since: performance.now(), retiredAt: undefined },
    };
    this.#open.set(socket, connection);
    socket.once("close", () => {
      this.#open.delete(socket);
      // Of requests sent one after the other without waiting, node:http tells the end of one only.
      for (const onEnd of connection.requests) onEnd();
      connection.requests.clear();
    });
    return true;
  }

  /**
   * Notes that a request is being answered.
   *
   * @param onEnd Called once: by `end()`, or when the connection closes before.
   * @returns Whether the connection should be closed after the response.
   */
  begin(socket: Socket, onEnd: () => void): boolean {
    const connection = this.#open.get(socket);
    if (!connection || connection.requests.size >= MAX_PIPELINED) {
      if (connection) this.#close(socket, "limit");
      onEnd();
      return true;
    }
    if (connection.requests.size === 0) connection.since = performance.now();
    connection.requests.add(onEnd);
    return connection.retiredAt !== undefined;
  }

  /** Notes that a response has been sent. */
  end(socket: Socket, onEnd: () => void): void {
    const connection = this.#open.get(socket);
    if (!connection?.requests.delete(onEnd)) return;
    onEnd();
    if (connection.requests.size > 0) return;
    connection.used = true;
    connection.since = performance.now();
    // To the end of the line: the map keeps the order of insertion.
    this.#open.delete(socket);
    this.#open.set(socket, connection);
  }

  /**
   * Lets connections come to their end: their next response is the last one.
   *
   * @param origin The listener that accepted them; absent means all.
   */
  retire(origin?: object): void {
    const now = performance.now();
    for (const connection of this.#open.values()) {
      if (origin !== undefined && connection.origin !== origin) continue;
      connection.retiredAt ??= now;
    }
  }

  /** Closes the connections that no request is answered on. */
  closeIdle(): void {
    for (const [socket, { requests }] of this.#open) {
      if (requests.size === 0) socket.destroy();
    }
  }

  /** Closes all connections, and the time keeping with them. */
  destroy(): void {
    clearInterval(this.#timer);
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #sweep(): void {
    const now = performance.now();
    for (const [socket, connection] of this.#open) {
      if (now - connection.since > this.#timeLimit(connection, now)) this.#close(socket, "timeout");
    }
  }

  /** How long a connection may stay as it is. */
  #timeLimit({ requests, used, retiredAt }: Connection, now: number): number {
    const { firstRequestMs, idleMs, responseMs, retiredIdleMs } = this.#options.limits;
    if (requests.size > 0) return responseMs;
    if (retiredAt !== undefined && now - retiredAt > retiredIdleMs) return 0;
    return used ? idleMs : firstRequestMs;
  }

  #longestIdle(): Socket | undefined {
    for (const [socket, { requests }] of this.#open) if (requests.size === 0) return socket;
    return undefined;
  }

  #close(socket: Socket, reason: CloseReason): void {
    // At once, not when the event says so: the next connection asks for room before it.
    this.#open.delete(socket);
    socket.destroy();
    this.#options.onClosed(reason);
  }
}
