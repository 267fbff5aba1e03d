/**
 * Listens on one address and hands connections on.
 *
 * @module
 */
import { createServer, type Server, type Socket } from "node:net";
import { hostPort, ListenError } from "./listen_error.ts";

/** Answers a request. */
export type Handler = (request: Request) => Response | Promise<Response>;

/** An address. */
export interface Address {
  /** Name or IP address, IPv6 without brackets. */
  readonly host: string;
  /** 0 asks for any free port. */
  readonly port: number;
}

/** How a listener ends. */
export interface CloseListenerOptions {
  /**
   * How long requests in flight may go on, in milliseconds.
   *
   * @default {5000}
   */
  readonly timeoutMs?: number;
  /** Ends the waiting at once. */
  readonly signal?: AbortSignal;
}

/** What a listener needs. */
export interface ListenerOptions extends Address {
  /** IP address. */
  readonly host: string;
  /** Takes a connection that was accepted; `origin` is the listener. */
  readonly onConnection: (socket: Socket, origin: Listener) => void;
  /**
   * The address may overlap with another of our own listeners, as 0.0.0.0 with 127.0.0.1 on the same
   * port. Otherwise an address that anything listens on is refused.
   *
   * @default {false}
   */
  readonly besideOwn?: boolean;
}

/**
 * On Linux two sockets of one user may listen on overlapping addresses, so that the new one listens
 * before the old one stops. Elsewhere the option means something else or nothing.
 */
export const CAN_OVERLAP: boolean = Deno.build.os === "linux";

/** A socket that listens. */
export class Listener {
  /** Where it listens, with the port it was given. */
  readonly address: Address;
  readonly #server: Server;
  #next: PromiseWithResolvers<void> | undefined;

  private constructor(address: Address, { onConnection }: ListenerOptions) {
    this.address = address;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.#next?.resolve();
      this.#next = undefined;
      onConnection(socket, this);
    });
  }

  /**
   * Starts to listen.
   *
   * @throws ListenError When the address cannot be listened on.
   */
  static async start(options: ListenerOptions): Promise<Listener> {
    const { host } = options;
    const port = probe(options);
    const listener = new Listener({ host, port }, options);
    await listener.#listen();
    return listener;
  }

  /** Settles when the next connection is accepted. */
  nextAccepted(): Promise<void> {
    this.#next ??= Promise.withResolvers();
    return this.#next.promise;
  }

  /** Stops listening at once; connections that were accepted stay open. */
  close(): void {
    // The callback is of no use: it waits for all connections, and those end in their own time.
    this.#server.close();
  }

  async #listen(): Promise<void> {
    const { host, port } = this.address;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen({ host, port, exclusive: true, reusePort: CAN_OVERLAP }, resolve);
    try {
      await promise;
    } catch (cause) {
      throw new ListenError(host, port, cause);
    }
    // Deno 2.9 tells of no error while accepting; should it do so one day, it must not end us.
    this.#server.off("error", reject).on("error", () => {});
  }
}

/**
 * Finds out whether an address can be listened on. A socket that may be shared would share the port
 * of another exporter of the same user in silence; this one may not. It names the reasons of a
 * failure better than `node:net` as well.
 *
 * @returns The port, a free one for 0.
 */
function probe({ host, port, besideOwn = false }: ListenerOptions): number {
  try {
    // On our own port only the address can be checked.
    const listener = Deno.listen({ hostname: host, port: besideOwn ? 0 : port });
    const found = listener.addr.port;
    listener.close();
    return besideOwn ? port : found;
  } catch (cause) {
    throw new ListenError(host, port, cause);
  }
}

/** `http://0.0.0.0:9440`. */
export function urlOf({ host, port }: Address, scheme: "http" | "https" = "http"): string {
  return `${scheme}://${hostPort(host, port)}`;
}
