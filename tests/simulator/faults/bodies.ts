/**
 * Bodies that come slowly, in part, or in excess.
 *
 * @module
 */

const encoder = new TextEncoder();

/** Sends part of the body and then ends the connection. */
export async function cutBody(
  response: Response,
  part: number,
  declareLength: boolean,
): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const kept = bytes.slice(0, Math.floor(bytes.length * part));
  const headers = new Headers(response.headers);
  if (declareLength) headers.set("content-length", String(bytes.length));
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!sent && kept.length > 0) {
        sent = true;
        controller.enqueue(kept);
        return;
      }
      // Gives what was sent the time to leave before the connection ends.
      await new Promise((resolve) => setTimeout(resolve, 10));
      controller.error(new Error("The simulated primary cut the body short"));
    },
  });
  return new Response(body, { status: response.status, headers });
}

/** Sends the body piece by piece. */
export async function slowBody(
  response: Response,
  pieces: number,
  wait: (signal: AbortSignal) => Promise<void>,
): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  const stop = new AbortController();
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        await wait(stop.signal);
      } catch (error) {
        // Nobody reads any more, or the server closes.
        if (!stop.signal.aborted) controller.error(error);
        return;
      }
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
      if (at >= bytes.length) controller.close();
    },
    cancel(reason) {
      stop.abort(reason);
    },
  });
  return new Response(body, response);
}

const FILLER = encoder.encode("x".repeat(65_536));

/** JSON of at least this size: one text without end. */
export function hugeBody(response: Response, bytes: number, declareLength: boolean): Response {
  const begin = encoder.encode('{"data":[],"filler":"');
  const end = encoder.encode('"}');
  const chunks = Math.ceil(bytes / FILLER.length);
  const headers = new Headers(response.headers);
  if (declareLength) {
    headers.set("content-length", String(begin.length + chunks * FILLER.length + end.length));
  }
  let sent = -1;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent < 0) controller.enqueue(begin);
      else if (sent < chunks) controller.enqueue(FILLER.slice());
      else {
        controller.enqueue(end);
        controller.close();
      }
      sent += 1;
    },
  });
  return new Response(body, { status: response.status, headers });
}
