/**
 * Between `node:http` and the standard `Request` and `Response`.
 *
 * Only what our routes need: they read no request body, and their responses are in memory.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * A body that hands out these very bytes. `new Response(bytes)` copies them, and each client that
 * reads slowly would hold a copy of its own.
 *
 * @param done Called when the response has been sent, or has been given up: the bytes are not looked
 *   at any more.
 */
export function sharedBody(
  bytes: Uint8Array<ArrayBuffer>,
  done: () => void = () => {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  }, { highWaterMark: 0 });
  WHOLE_BODIES.set(body, { bytes, done });
  return body;
}

/** Shared bodies: reading the stream would cost more than the rest of the response. */
const WHOLE_BODIES = new WeakMap<
  ReadableStream,
  { readonly bytes: Uint8Array; readonly done: () => void }
>();

/**
 * Makes the request of a handler. HEAD becomes GET: `sendResponse()` leaves the body out, and so the
 * length is that of the body.
 *
 * @returns Undefined when the request makes no sense.
 */
export function toRequest({ method = "GET", url = "/", rawHeaders }: IncomingMessage):
  | Request
  | undefined {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    headers.push([rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""]);
  }
  try {
    // The routes are the same under whatever name or scheme a client knows us.
    const target = url.startsWith("/") ? `http://localhost${url}` : url;
    return new Request(target, { method: method === "HEAD" ? "GET" : method, headers });
  } catch {
    return undefined;
  }
}

/**
 * Sends a response with its length.
 *
 * @param withBody False leaves the body out, as HEAD asks for.
 * @throws Error When the body cannot be read; nothing has been sent then.
 */
export async function sendResponse(
  outgoing: ServerResponse,
  response: Response,
  withBody: boolean,
): Promise<void> {
  const { body: source } = response;
  const shared = source && WHOLE_BODIES.get(source);
  if (shared) outgoing.once("close", shared.done);
  const chunks = shared ? [shared.bytes] : source ? await Array.fromAsync(source) : [];
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => headers[name] = value);
  headers["content-length"] = String(length);
  outgoing.writeHead(response.status, headers);
  const body = withBody ? chunks : [];
  const last = body.pop();
  for (const chunk of body) outgoing.write(chunk);
  outgoing.end(last);
}
