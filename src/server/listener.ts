/**
 * Listens on one address over plain HTTP.
 *
 * @module
 */
import type { Logger } from "../telemetry/logger.ts";
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

/** What a listener needs. */
export interface ListenerOptions extends Address {
  readonly handler: Handler;
  readonly logger: Logger;
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

/** A server that listens. */
export interface Listener {
  /** Where it listens, with the port it was given. */
  readonly address: Address;
  /** Replaces the handler for requests to come, without listening anew. */
  setHandler(handler: Handler): void;
  /**
   * Stops listening at once, lets requests in flight end, then answers what is left with 503.
   * Further calls wait for the first.
   */
  close(options?: CloseListenerOptions): Promise<void>;
}

const DRAIN_MS = 5000;

/** How long a connection may take for the last bytes of an answer after the draining was cut. */
const LAST_BYTES_MS = 500;

/**
 * Starts to listen.
 *
 * @throws ListenError When the address cannot be listened on.
 */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const { host, port, logger } = options;
  let handler = options.handler;
  let closing: Promise<void> | undefined;
  const inFlight = new Set<(response: Response) => void>();

  // Deno cannot abort a server that is already shutting down, so a request that takes too long is
  // answered in place of its handler.
  const respond = async (request: Request) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    inFlight.add(resolve);
    try {
      Promise.resolve(handler(request)).then(resolve, reject);
      return await promise;
    } finally {
      inFlight.delete(resolve);
    }
  };

  const listening = Promise.withResolvers<void>();
  const server = serve(host, port, {
    onListen: () => listening.resolve(),
    onError: (error) => {
      logger.error("A request failed inside the exporter", { error });
      return new Response("Internal server error\n", { status: 500 });
    },
  }, respond);
  await listening.promise;

  const close = async ({ timeoutMs = DRAIN_MS, signal }: CloseListenerOptions) => {
    const drained = server.shutdown();
    if (await endsWithin(drained, timeoutMs, signal)) return;
    logger.warn("Requests in flight are cut off", {
      address: hostPort(host, port),
      requests: inFlight.size,
    });
    for (const answer of inFlight) answer(new Response("Shutting down\n", { status: 503 }));
    if (!await endsWithin(drained, LAST_BYTES_MS)) {
      logger.warn("A client does not read its answer, its connection is left behind", {
        address: hostPort(host, port),
      });
    }
  };
  return {
    address: { host, port: server.addr.port },
    setHandler(next) {
      handler = next;
    },
    close: (closeOptions = {}) => closing ??= close(closeOptions),
  };
}

function serve(
  hostname: string,
  port: number,
  callbacks: { onListen: () => void; onError: (error: unknown) => Response },
  handler: Handler,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname, port, ...callbacks }, handler);
  } catch (cause) {
    throw new ListenError(hostname, port, cause);
  }
}

/** True when the promise settles in time. */
async function endsWithin(
  promise: Promise<void>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  if (signal?.aborted) return false;
  const over = Promise.withResolvers<false>();
  const onAbort = () => over.resolve(false);
  const timer = setTimeout(onAbort, timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise.then(() => true), over.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
