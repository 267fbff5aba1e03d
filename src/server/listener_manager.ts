/**
 * Keeps the server listening: on every address of a name, while the address changes, and after it
 * ran out of file descriptors.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../telemetry/logger.ts";
import { HttpServer } from "./http_server.ts";
import { SERVER_LIMITS, type ServerLimits } from "./limits.ts";
import { hostPort } from "./listen_error.ts";
import {
  type Address,
  CAN_OVERLAP,
  type CloseListenerOptions,
  type Handler,
  type Listener,
} from "./listener.ts";
import { ListenerSet } from "./listener_set.ts";
import { ListenerWatch } from "./listener_watch.ts";
import { covers, overlap } from "./overlap.ts";
import { type ResolveHost, resolveHost } from "./resolve_host.ts";
import { ServerCounts, type ServerFigures } from "./server_counts.ts";
import type { TlsSettings } from "./web_config/types.ts";

/**
 * How long two listeners overlap, in milliseconds. A connection waits in the queue of one of them
 * until it is accepted, and is lost when that one is closed before.
 */
const HANDOVER_MS = 100;

/** What the manager needs. */
export interface ListenerManagerOptions extends Address {
  /** Further addresses to listen on, which stay the same for good. @default {[]} */
  readonly further?: readonly Address[] | undefined;
  readonly handler: Handler;
  readonly logger: Logger;
  /** Called when the port is lost for good: the process should end, and be started again. */
  readonly onLost?: (error: unknown) => void;
  /** How connections are encrypted; not at all when undefined. */
  readonly tls?: TlsSettings | undefined;
  /** @default {SERVER_LIMITS} */
  readonly limits?: ServerLimits;
  /** @default {resolveHost} */
  readonly resolve?: ResolveHost;
  /**
   * How often it is checked that connections are accepted, in milliseconds.
   *
   * @default {10000}
   */
  readonly checkEveryMs?: number;
}

/** Listens, and answers requests. */
export class ListenerManager {
  readonly #http: HttpServer;
  readonly #counts = new ServerCounts();
  readonly #listeners: ListenerSet;
  readonly #watch: ListenerWatch;
  #scheme: "http" | "https";
  readonly #further: readonly Address[];
  #address: Address;
  #closing: Promise<void> | undefined;

  private constructor(options: ListenerManagerOptions) {
    const { host, port, handler, logger, tls, limits = SERVER_LIMITS } = options;
    const { resolve = resolveHost } = options;
    this.#address = { host, port };
    this.#further = options.further ?? [];
    this.#scheme = tls ? "https" : "http";
    this.#http = new HttpServer({ handler, logger, limits, counts: this.#counts, tls });
    this.#listeners = new ListenerSet({
      logger,
      resolve,
      onConnection: (socket, origin) => this.#http.accept(socket, origin),
      scheme: () => this.#scheme,
    });
    this.#watch = new ListenerWatch({
      listeners: this.#listeners,
      logger,
      onRestart: () => this.#counts.restarted(),
      onLost: options.onLost ?? (() => {}),
      ...(options.checkEveryMs === undefined ? {} : { everyMs: options.checkEveryMs }),
    });
  }

  /**
   * Starts to listen.
   *
   * @throws ListenError When the address cannot be listened on.
   */
  static async start(options: ListenerManagerOptions): Promise<ListenerManager> {
    const manager = new ListenerManager(options);
    try {
      manager.#use(options.host, await manager.#listeners.open(options, manager.#further));
      manager.#watch.start();
      return manager;
    } catch (error) {
      await manager.close();
      throw error;
    }
  }

  /** Where it listens, further addresses apart: the host as configured, the port it was given. */
  get address(): Address {
    return this.#address;
  }

  /** What happened at the port so far. */
  figures(): ServerFigures {
    const listening = this.#listeners.all.map((listener): [string, boolean] => [
      hostPort(listener.address.host, listener.address.port),
      this.#watch.isAccepting(listener),
    ]);
    return this.#counts.figures({
      listening: new Map(listening),
      connections: this.#http.connections,
    });
  }

  /** Replaces the handler for requests to come. */
  setHandler(handler: Handler): void {
    this.#http.setHandler(handler);
  }

  /**
   * Encrypts connections to come in this way. Where that is a change, those that are open come to
   * their end with their next response.
   *
   * @param settings Undefined serves plain HTTP.
   * @throws Error When the TLS stack does not take the certificates; then nothing has changed.
   */
  setTls(settings: TlsSettings | undefined): void {
    this.#http.setTls(settings);
    this.#scheme = settings ? "https" : "http";
  }

  /**
   * Moves to another address. The new one listens before the old one stops, so that no scrape is
   * lost; requests in flight come to their end meanwhile, and are not waited for. Where the system
   * does not allow that on the same port, the old one stops first.
   *
   * @param next The new address; the present one changes nothing.
   * @throws ListenError When the new address cannot be listened on; the old one is in use still.
   */
  async move(next: Address): Promise<void> {
    if (next.host === this.#address.host && next.port === this.#address.port) return;
    await this.#watch.pauseDuring(async () => {
      const old = this.#listeners.all;
      const opened = await this.#listeners.open(next, this.#further);
      if (this.#closing) {
        for (const listener of opened) listener.close();
        return;
      }
      // A connection to an address that the new one covers still reaches the old listener, and
      // would be lost if that one were closed. It does no harm to keep it.
      const kept = CAN_OVERLAP ? old.filter((listener) => isCovered(listener, opened)) : [];
      const left = old.filter((listener) => !opened.includes(listener) && !kept.includes(listener));
      this.#use(next.host, [...opened, ...kept], opened);
      if (left.some((one) => opened.some((other) => overlap(one.address, other.address)))) {
        await delay(HANDOVER_MS);
      }
      for (const listener of left) {
        listener.close();
        this.#http.retire(listener);
      }
    });
  }

  /**
   * Stops listening at once, lets requests in flight end, then answers what is left with 503.
   * Further calls wait for the first.
   */
  close(options?: CloseListenerOptions): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  async #close(options?: CloseListenerOptions): Promise<void> {
    this.#watch.close();
    for (const listener of this.#listeners.all) listener.close();
    await this.#http.close(options);
  }

  #use(host: string, listeners: readonly Listener[], opened = listeners): void {
    this.#listeners.replace(listeners);
    this.#address = { host, port: opened[0]?.address.port ?? 0 };
  }
}

function isCovered(listener: Listener, opened: readonly Listener[]): boolean {
  return opened.every((other) => other !== listener) &&
    opened.some((other) => covers(other.address, listener.address));
}
