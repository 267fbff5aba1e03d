/**
 * The listeners of the exporter: one for each address of a name.
 *
 * @module
 */
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../telemetry/logger.ts";
import { ListenError } from "./listen_error.ts";
import { type Address, CAN_OVERLAP, Listener, urlOf } from "./listener.ts";
import { overlap } from "./overlap.ts";
import type { ResolveHost } from "./resolve_host.ts";

/** How often an address is tried that our own closing socket may still hold. */
const MAX_ATTEMPTS = 25;

const ATTEMPT_WAIT_MS = 20;

/** What the set needs. */
export interface ListenerSetOptions {
  readonly logger: Logger;
  readonly resolve: ResolveHost;
  readonly onConnection: (socket: Socket, origin: Listener) => void;
  /** How clients have to connect, for the log. @default {() => "http"} */
  readonly scheme?: () => "http" | "https";
}

/** Opens listeners, and knows those in use. */
export class ListenerSet {
  readonly #options: ListenerSetOptions;
  #all: readonly Listener[] = [];

  constructor(options: ListenerSetOptions) {
    this.#options = options;
  }

  /** The listeners in use. */
  get all(): readonly Listener[] {
    return this.#all;
  }

  /** Makes these the listeners in use; closes none. */
  replace(listeners: readonly Listener[]): void {
    this.#all = listeners;
  }

  /**
   * Listens on every address of a host, and of further ones. One that is in use already is taken over
   * as it is.
   *
   * Of a name with several addresses those that this machine does not have are left out, as with
   * `localhost` on a machine without IPv6.
   *
   * @returns At least one listener for each, those of the first address first.
   * @throws ListenError When one cannot be listened on; what was opened is closed.
   */
  async open(address: Address, further: readonly Address[] = []): Promise<readonly Listener[]> {
    const opened: Listener[] = [];
    try {
      for (const one of [address, ...further]) {
        const listeners = await this.#openHost(one, opened);
        opened.push(...listeners.filter((listener) => !opened.includes(listener)));
      }
    } catch (error) {
      for (const listener of opened) if (!this.#all.includes(listener)) listener.close();
      throw error;
    }
    const { logger, scheme = () => "http" as const } = this.#options;
    for (const listener of opened) {
      if (this.#all.includes(listener)) continue;
      logger.info(`listening on ${urlOf(listener.address, scheme())}`);
    }
    return opened;
  }

  /** @param before Listeners that were opened just now, and are not in use yet. */
  async #openHost(
    { host, port }: Address,
    before: readonly Listener[],
  ): Promise<readonly Listener[]> {
    const opened: Listener[] = [];
    const failures: ListenError[] = [];
    try {
      for (const address of await this.#resolve(host, port)) {
        try {
          const free = opened[0]?.address.port ?? port;
          opened.push(await this.#openOne({ host: address, port: free }, before));
        } catch (error) {
          if (!(error instanceof ListenError) || isDecisive(error)) throw error;
          failures.push(error);
        }
      }
      const [failure] = failures;
      if (opened.length === 0 && failure) throw failure;
    } catch (error) {
      const known = [...before, ...this.#all];
      for (const listener of opened) if (!known.includes(listener)) listener.close();
      throw error;
    }
    for (const error of failures) {
      this.#options.logger.warn("cannot listen on one address of the host name: skipping it", {
        error,
      });
    }
    return opened;
  }

  /**
   * Listens again on the address of a listener that accepts nothing any more.
   *
   * @throws ListenError When that is impossible; the old one is closed nevertheless.
   */
  async reopen(listener: Listener): Promise<void> {
    listener.close();
    const others = this.#all.filter((other) => other !== listener);
    const next = await this.#start(listener.address, others);
    this.#all = this.#all.map((other) => other === listener ? next : other);
  }

  async #openOne(address: Address, before: readonly Listener[]): Promise<Listener> {
    const { host, port } = address;
    const same = [...before, ...this.#all].find((listener) =>
      listener.address.host === host && listener.address.port === port
    );
    if (same) return same;
    const inTheWay = this.#all.filter((listener) => overlap(listener.address, address));
    if (CAN_OVERLAP || inTheWay.length === 0) {
      return await this.#start(address, [...before, ...this.#all]);
    }
    return await this.#startInPlaceOf(inTheWay, address);
  }

  /** Where addresses may not overlap the old listeners stop first, and come back on a failure. */
  async #startInPlaceOf(inTheWay: readonly Listener[], address: Address): Promise<Listener> {
    for (const listener of inTheWay) listener.close();
    try {
      return await this.#startSoon(address);
    } catch (error) {
      for (const listener of inTheWay) {
        const again = await this.#startSoon(listener.address);
        this.#all = this.#all.map((other) => other === listener ? again : other);
      }
      throw error;
    }
  }

  async #startSoon(address: Address): Promise<Listener> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#start(address, []);
      } catch (error) {
        const wait = error instanceof ListenError && error.reason === "in-use";
        if (!wait || attempt >= MAX_ATTEMPTS) throw error;
        await delay(ATTEMPT_WAIT_MS);
      }
    }
  }

  #start(address: Address, others: readonly Listener[]): Promise<Listener> {
    const { onConnection } = this.#options;
    const besideOwn = others.some((other) => overlap(other.address, address));
    return Listener.start({ ...address, besideOwn, onConnection });
  }

  async #resolve(host: string, port: number): Promise<readonly string[]> {
    try {
      return await this.#options.resolve(host);
    } catch (cause) {
      throw new ListenError(host, port, cause);
    }
  }
}

/** Whether a failure on one address of a name is one of the name: not that the address is missing. */
function isDecisive({ reason }: ListenError): boolean {
  return reason === "in-use" || reason === "permission";
}
