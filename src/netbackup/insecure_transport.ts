/**
 * The transport of `insecureSkipVerify`: `node:https` without certificate verification, because
 * Deno's `fetch` has no such switch per client. TLS 1.2 stays the minimum.
 *
 * @module
 */
import { Agent, request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import type { SiteConfig } from "../config/types.ts";
import { ClientConfigError } from "./errors.ts";
import {
  POOL_IDLE_TIMEOUT_MS,
  POOL_MAX_IDLE,
  type Transport,
  type TransportRequest,
} from "./transport.ts";

/**
 * Makes a transport that believes any certificate. Warn about it wherever it is used.
 *
 * @throws ClientConfigError When a proxy is configured as well: tunnels are the other transport's.
 */
export function createInsecureTransport(site: SiteConfig): Transport {
  if (site.proxy !== undefined) {
    throw new ClientConfigError(
      site.site,
      '"proxy" and "insecureSkipVerify" cannot be used together: name the CA in "caFile" instead',
    );
  }
  const certificate = site.clientCertificate;
  const agent = new Agent({
    keepAlive: true,
    maxFreeSockets: POOL_MAX_IDLE,
    timeout: POOL_IDLE_TIMEOUT_MS,
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    // Nothing is checked against it; but without one, Deno asks for the permission to read the
    // system's authorities (--allow-sys).
    ca: [],
    ...(certificate && { cert: certificate.cert, key: certificate.key.reveal() }),
  });
  return {
    send: (request) => send(agent, request),
    close() {
      agent.destroy();
    },
  };
}

function send(agent: Agent, request: TransportRequest): Promise<Response> {
  const { url, method, headers, signal } = request;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const outgoing = httpsRequest(url, { agent, method, headers });
    const onAbort = () => {
      outgoing.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    const done = () => signal.removeEventListener("abort", onAbort);
    outgoing.on("error", (error) => {
      done();
      reject(error);
    });
    outgoing.on("response", (incoming) => {
      try {
        resolve(toResponse(incoming, signal, onAbort));
      } catch (error) {
        done();
        outgoing.destroy();
        reject(error);
      }
    });
    outgoing.end();
  });
}

function toResponse(
  incoming: IncomingMessage,
  signal: AbortSignal,
  onAbort: () => void,
): Response {
  const done = () => signal.removeEventListener("abort", onAbort);
  const status = incoming.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  if (status === 204 || status === 205 || status === 304) {
    incoming.resume();
    done();
    return new Response(null, { status, headers });
  }
  return new Response(bodyOf(incoming, signal, done), { status, headers });
}

function bodyOf(
  incoming: IncomingMessage,
  signal: AbortSignal,
  done: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let settled = false;
  return new ReadableStream({
    start(controller) {
      const fail = (error: unknown) => {
        if (settled) return;
        settled = true;
        done();
        controller.error(error);
      };
      incoming.on("data", (chunk: Uint8Array) => {
        if (settled) return;
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 1) <= 0) incoming.pause();
      });
      incoming.on("end", () => {
        if (settled) return;
        if (!incoming.complete) return fail(new Error("the connection was closed in mid-answer"));
        settled = true;
        done();
        controller.close();
      });
      incoming.on("error", fail);
      incoming.on("close", () => fail(new Error("the connection was closed in mid-answer")));
      signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      settled = true;
      done();
      incoming.destroy();
    },
  }, { highWaterMark: 4 });
}
