/**
 * A simulated primary on a port of its own.
 *
 * @module
 */
import { ConnectionDropped } from "./faults/apply.ts";
import { startRelay } from "./relay.ts";

/** Where to listen. */
export interface StartOptions {
  /** 0 takes a free one. @default 0 */
  readonly port?: number;
  /** @default "127.0.0.1" */
  readonly hostname?: string;
  /** Certificate and key in PEM form: HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A simulated primary that listens. */
export interface RunningSimulator {
  /** With the base path, `http://127.0.0.1:1556/netbackup`. */
  readonly url: string;
  readonly port: number;
  /** Ends everything that is going on, and stops listening; may be called more than once. */
  close(): Promise<void>;
}

/** What the server needs of the simulator. */
export interface ServedSimulator {
  readonly fetch: (request: Request, gone: AbortSignal) => Promise<Response>;
  readonly basePath: string;
  /** Ends waits of requests that nobody else would end. */
  readonly release: () => void;
}

/** Starts listening. */
export function startServer(simulator: ServedSimulator, options: StartOptions): RunningSimulator {
  const { hostname = "127.0.0.1", port = 0, tls } = options;
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...tls,
    onListen() {},
    // Bodies that were cut short on purpose.
    onError: () => new Response(null, { status: 500 }),
  }, async (request, info) => {
    // Not `request.signal`, which is aborted after good responses as well.
    const gone = new AbortController();
    info.completed.catch(() => gone.abort());
    try {
      return await simulator.fetch(request, gone.signal);
    } catch (error) {
      if (!(error instanceof ConnectionDropped)) throw error;
      relay.cut(info.remoteAddr.port);
      return new Response(null, { status: 500 });
    }
  });
  const relay = startRelay({ hostname, port, serverPort: server.addr.port });
  const scheme = tls ? "https" : "http";
  let closed: Promise<void> | undefined;
  const close = async () => {
    simulator.release();
    await relay.close();
    await server.shutdown();
  };
  const host = hostname === "0.0.0.0" || hostname === "::" ? "localhost" : hostname;
  return {
    url: `${scheme}://${host}:${relay.port}${simulator.basePath}`,
    port: relay.port,
    close: () => closed ??= close(),
  };
}
