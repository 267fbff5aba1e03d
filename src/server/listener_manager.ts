/**
 * Keeps the server listening while its address changes.
 *
 * @module
 */
import { ListenError } from "./listen_error.ts";
import {
  type Address,
  type CloseListenerOptions,
  type Handler,
  type Listener,
  type ListenerOptions,
  startListener,
} from "./listener.ts";

/** How often an address is tried that our own closing socket may still hold. */
const ATTEMPTS = 25;

const ATTEMPT_WAIT_MS = 20;

/** The one listener of the exporter. */
export class ListenerManager {
  readonly #options: ListenerOptions;
  #handler: Handler;
  #listener: Listener;

  private constructor(options: ListenerOptions, listener: Listener) {
    this.#options = options;
    this.#handler = options.handler;
    this.#listener = listener;
  }

  /**
   * Starts to listen.
   *
   * @throws ListenError
   */
  static async start(options: ListenerOptions): Promise<ListenerManager> {
    return new ListenerManager(options, await startListener(options));
  }

  /** Where it listens. */
  get address(): Address {
    return this.#listener.address;
  }

  /** Replaces the handler for requests to come. */
  setHandler(handler: Handler): void {
    this.#handler = handler;
    this.#listener.setHandler(handler);
  }

  /**
   * Moves to another address. The new one listens before the old one stops, so that no scrape is
   * lost. Where that is impossible, as with the same port on `0.0.0.0` and `127.0.0.1`, the old one
   * stops first.
   *
   * @param next The new address; the present one changes nothing.
   * @param close How the old listener ends.
   * @throws ListenError When the new address cannot be listened on; the old one is in use again.
   */
  async move(next: Address, close: CloseListenerOptions = {}): Promise<void> {
    const old = this.#listener;
    if (next.host === old.address.host && next.port === old.address.port) return;
    try {
      this.#listener = await this.#listen(next);
      await old.close(close);
    } catch (error) {
      const overlaps = error instanceof ListenError && error.reason === "in-use" &&
        next.port === old.address.port;
      if (!overlaps) throw error;
      await this.#replace(old, next, close);
    }
  }

  /** Ends the listener. */
  close(options?: CloseListenerOptions): Promise<void> {
    return this.#listener.close(options);
  }

  async #replace(old: Listener, next: Address, close: CloseListenerOptions): Promise<void> {
    // The socket is free at once; what is drained meanwhile are connections.
    const drained = old.close(close);
    try {
      this.#listener = await this.#listenSoon(next);
    } catch (error) {
      this.#listener = await this.#listenSoon(old.address);
      throw error;
    } finally {
      await drained;
    }
  }

  async #listenSoon(address: Address): Promise<Listener> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#listen(address);
      } catch (error) {
        const wait = error instanceof ListenError && error.reason === "in-use";
        if (!wait || attempt >= ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, ATTEMPT_WAIT_MS));
      }
    }
  }

  #listen({ host, port }: Address): Promise<Listener> {
    return startListener({ ...this.#options, handler: this.#handler, host, port });
  }
}
