/**
 * The transport of `insecureSkipVerify`: `node:https` without certificate verification, because
 * Deno's `fetch` has no such switch per client. TLS 1.2 stays the minimum.
 *
 * @module
 */
import { Agent, request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { inspect } from "node:util";
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
  const agent = createAgent(site);
  return {
    send: (request) => send(agent, request),
    close() {
      agent.destroy();
    },
  };
}

function createAgent(site: SiteConfig): Agent {
  const agent = new Agent({
    keepAlive: true,
    maxFreeSockets: POOL_MAX_IDLE,
    timeout: POOL_IDLE_TIMEOUT_MS,
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    // Nothing is checked against it; but without one, Deno asks for the permission to read the
    // system's authorities (--allow-sys).
    ca: [],
  });
  const certificate = site.clientCertificate;
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    // Not among the agent's options: NODE_DEBUG=http prints those.
    const secret = certificate && { cert: certificate.cert, key: certificate.key.reveal() };
    const socket = connect({ ...options, ...secret }, callback);
    // While it connects, it holds the head of the request that waits for it.
    if (socket) hide(socket);
    return socket;
  };
  return hide(agent);
}

/**
 * Keeps an object out of what NODE_DEBUG makes the runtime print: it prints whole agents, with their
 * sockets and requests, and in those is the key. The variable is read before any code of ours runs.
 */
function hide<T extends object>(object: T): T {
  const print = { value: () => `[${object.constructor.name}]` };
  return Object.defineProperty(object, inspect.custom, print);
}

function send(agent: Agent, request: TransportRequest): Promise<Response> {
  const { url, method, headers, body, signal } = request;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const outgoing = hide(httpsRequest(url, { agent, method, signal }));
    // Not among the request's options either: the key is one of them.
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    outgoing.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    outgoing.on("response", (incoming) => {
      try {
        resolve(toResponse(incoming));
      } catch (error) {
        outgoing.destroy();
        reject(error);
      }
    });
    // Ended with its body in one go, it says how long that is.
    outgoing.end(body);
  });
}

function toResponse(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  if (status === 204 || status === 205 || status === 304) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(incoming), { status, headers });
}
