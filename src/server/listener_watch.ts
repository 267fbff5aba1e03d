/**
 * Watches that connections are accepted, and listens again where they are not.
 *
 * @module
 */
import type { Logger } from "../telemetry/logger.ts";
import { type AcceptCheck, checkAccepting } from "./accept_check.ts";
import { type Listener, urlOf } from "./listener.ts";
import type { ListenerSet } from "./listener_set.ts";
import { reachableHost } from "./overlap.ts";

/** How often listeners are checked, in milliseconds. */
const CHECK_EVERY_MS = 10_000;

/** How long a listener may take to accept, in milliseconds: the exporter may be busy. */
const ACCEPT_TIMEOUT_MS = 5000;

/** So many rounds in a row without any connection, a minute or more, and the port is given up. */
const MAX_FAILED_ROUNDS = 6;

const NO_DESCRIPTORS =
  "no file descriptors left: connections may not be accepted; raise the limit (LimitNOFILE)";

/** The process has had no file descriptor left for a minute and more. */
class NoDescriptorsError extends Error {
  override name = "NoDescriptorsError";

  constructor() {
    super(NO_DESCRIPTORS);
  }
}

/** What the watch needs. */
export interface ListenerWatchOptions {
  readonly listeners: ListenerSet;
  readonly logger: Logger;
  /** Called when an address is listened on again. */
  readonly onRestart: () => void;
  /**
   * Called once, when for a minute and more no address could be listened on again, or no file
   * descriptor was left for a connection.
   */
  readonly onLost: (error: unknown) => void;
  /**
   * How often listeners are checked, in milliseconds.
   *
   * @default {10000}
   */
  readonly everyMs?: number;
  /**
   * How long a listener may take to accept, in milliseconds.
   *
   * @default {5000}
   */
  readonly acceptTimeoutMs?: number;
}

/** Checks the listeners one after the other, again and again. */
export class ListenerWatch {
  readonly #options: ListenerWatchOptions;
  readonly #everyMs: number;
  readonly #acceptTimeoutMs: number;
  readonly #failing = new WeakSet<Listener>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round: Promise<void> = Promise.resolve();
  #failedRounds = 0;
  #closed = false;
  #outOfDescriptors = false;

  constructor(options: ListenerWatchOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? CHECK_EVERY_MS;
    this.#acceptTimeoutMs = options.acceptTimeoutMs ?? ACCEPT_TIMEOUT_MS;
  }

  /** Begins to watch. */
  start(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(async () => {
      this.#round = this.#check();
      await this.#round;
      this.start();
    }, this.#everyMs);
    Deno.unrefTimer(this.#timer);
  }

  /** Whether a listener accepted connections when it was last checked. */
  isAccepting(listener: Listener): boolean {
    return !this.#failing.has(listener);
  }

  /** Does work that changes the listeners, while none of them is checked. */
  async pauseDuring(work: () => Promise<void>): Promise<void> {
    clearTimeout(this.#timer);
    await this.#round;
    clearTimeout(this.#timer);
    try {
      await work();
    } finally {
      this.start();
    }
  }

  /** Ends the watch. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #check(): Promise<void> {
    const { listeners } = this.#options;
    let failure: unknown;
    for (const listener of listeners.all) {
      const result = await this.#checkOne(listener);
      if (this.#closed) return;
      if (result === "stalled") failure = await this.#reopen(listener) ?? failure;
      if (result === "no-descriptors") failure ??= new NoDescriptorsError();
    }
    const lost = failure !== undefined && listeners.all.every((one) => this.#failing.has(one));
    this.#failedRounds = lost ? this.#failedRounds + 1 : 0;
    if (this.#failedRounds === MAX_FAILED_ROUNDS) this.#options.onLost(failure);
  }

  async #checkOne(listener: Listener): Promise<AcceptCheck> {
    const others = this.#options.listeners.all.filter((other) => other !== listener);
    const host = reachableHost(listener.address, others.map(({ address }) => address));
    const result = await checkAccepting(listener, host, this.#acceptTimeoutMs);
    if (result === "accepts") {
      this.#failing.delete(listener);
      this.#outOfDescriptors = false;
    } else if (result !== "forbidden") {
      this.#failing.add(listener);
    }
    if (result === "no-descriptors") this.#reportNoDescriptors();
    return result;
  }

  /** @returns Why it failed; undefined when the address is listened on again. */
  async #reopen(listener: Listener): Promise<unknown> {
    const { logger, listeners, onRestart } = this.#options;
    const address = urlOf(listener.address);
    try {
      await listeners.reopen(listener);
      onRestart();
      logger.error("listener stopped accepting connections: reopened", { address });
      return undefined;
    } catch (error) {
      logger.error("listener stopped accepting connections: cannot reopen", { address, error });
      return error;
    }
  }

  #reportNoDescriptors(): void {
    if (this.#outOfDescriptors) return;
    this.#outOfDescriptors = true;
    this.#options.logger.warn(NO_DESCRIPTORS);
  }
}
