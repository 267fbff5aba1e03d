/**
 * Reading the body of a response.
 *
 * @module
 */
import type { Redact } from "../base/redactor.ts";
import { release } from "../base/release.ts";
import { abortable } from "../base/signals.ts";
import type { BodyBuffers } from "./body_buffers.ts";
import { BodyTooLargeError, type ErrorPlace, UnexpectedBodyError } from "./errors.ts";
import { decodeJson } from "./json_text.ts";
import { clean } from "./safe_text.ts";

/** A body above this size is no response of NetBackup's. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** What reading a body needs. */
export interface BodyOptions {
  /** Largest size, in bytes. */
  readonly limitBytes: number;
  readonly buffers: BodyBuffers;
  /** For errors. */
  readonly place: ErrorPlace;
  readonly signal: AbortSignal;
}

/**
 * Reads a body as text, decoded as UTF-8; in JSON of a 2xx response, what is not ASCII may be escaped.
 *
 * @throws BodyTooLargeError When there is more.
 * @throws UnexpectedBodyError When it is compressed.
 * @throws The signal's reason, or what the connection says.
 */
export async function readBody(response: Response, options: BodyOptions): Promise<string> {
  const { limitBytes, place } = options;
  if (response.body === null) return "";
  if (isCoded(response)) {
    await abandon(response);
    // What a status says is worth more than that its page cannot be read.
    if (!response.ok) return "";
    throw new UnexpectedBodyError(
      place,
      "a compressed body, although an uncompressed one was asked for",
    );
  }
  if (Number(response.headers.get("content-length") ?? 0) > limitBytes) {
    await abandon(response);
    throw new BodyTooLargeError(place, limitBytes);
  }
  const reader = chunkReader(response.body, options.buffers);
  const escapes = response.ok && isJson(response.headers.get("content-type") ?? "");
  const decoder = new TextDecoder();
  const texts: string[] = [];
  let size = 0;
  try {
    while (true) {
      const { bytes, done } = await abortable(reader.read(), options.signal);
      size += bytes.byteLength;
      if (size > limitBytes) throw new BodyTooLargeError(place, limitBytes);
      const whole = done && texts.length === 0;
      texts.push(
        whole && escapes
          ? decodeJson(bytes, options.buffers)
          : decoder.decode(bytes, { stream: !done }),
      );
      reader.decoded(bytes);
      if (done) return texts.join("");
    }
  } catch (error) {
    // Not awaited: a connection that does not react must not hold up the error.
    reader.cancel(error).catch(() => {});
    throw error;
  }
}

/** The chunks of a body. */
interface ChunkReader {
  /** The next bytes; there are no further ones when it is done. */
  read(): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly done: boolean }>;
  /** These bytes are no longer needed. */
  decoded(bytes: Uint8Array<ArrayBuffer>): void;
  cancel(reason: unknown): Promise<void>;
}

function chunkReader(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  buffers: BodyBuffers,
): ChunkReader {
  const byob = byobReader(body);
  return byob ? bufferReader(byob, buffers) : plainReader(body.getReader());
}

/** Undefined for a stream that brings buffers of its own: that of `node:https`. */
function byobReader(body: ReadableStream): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

/**
 * Fills a buffer before it hands it out: most bodies come in one piece. It does so itself: under
 * `--inspect`, Deno 2.9.6 fails to read a body that is shorter than the `min` it is asked for.
 */
function bufferReader(reader: ReadableStreamBYOBReader, buffers: BodyBuffers): ChunkReader {
  return {
    async read() {
      let { buffer } = buffers.take();
      let size = 0;
      while (size < buffer.byteLength) {
        // What is read into is transferred: each result has the buffer anew.
        const { value, done } = await reader.read(new Uint8Array(buffer, size));
        if (value) {
          buffer = value.buffer;
          size += value.byteLength;
        }
        if (done) {
          return { bytes: value ? new Uint8Array(buffer, 0, size) : new Uint8Array(), done };
        }
      }
      return { bytes: new Uint8Array(buffer), done: false };
    },
    decoded: (bytes) => buffers.give(bytes),
    cancel: (reason) => reader.cancel(reason),
  };
}

function plainReader(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): ChunkReader {
  return {
    async read() {
      const { value, done } = await reader.read();
      return { bytes: value ?? new Uint8Array(), done };
    },
    decoded: release,
    cancel: (reason) => reader.cancel(reason),
  };
}

/**
 * True for a body that is not sent as it is. None is asked for: what a small one expands to fills the
 * memory inside the runtime before any limit of ours sees it (2 MB of gzip took 300 MB and more).
 */
function isCoded(response: Response): boolean {
  const coding = response.headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  return coding !== "" && coding !== "identity";
}

/** Gives up a body that nobody wants to read, so that its connection is let go. */
export async function abandon(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {});
}

/** True for what web servers say to plain HTTP where they expect TLS (Tomcat, nginx, Jetty, Apache). */
export function wantsTls(text: string): boolean {
  return /requires TLS|plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL/i
    .test(text.slice(0, 2000));
}

/** True for an HTML page, by its content type or by its beginning. */
export function isHtml(contentType: string, text: string): boolean {
  return /\bx?html\b/i.test(contentType) || /^\s*</.test(text.slice(0, 1000));
}

/** True for NetBackup's `application/vnd.netbackup+json;version=…`, and for anything with `json` in it. */
function isJson(contentType: string): boolean {
  return /json/i.test(contentType);
}

/**
 * Parses a body that should be JSON; one without a content type may be.
 *
 * @throws UnexpectedBodyError When it is something else.
 */
export function parseJson(
  text: string,
  contentType: string,
  place: ErrorPlace,
  redact: Redact,
): unknown {
  if (isHtml(contentType, text)) {
    throw new UnexpectedBodyError(
      place,
      'an HTML page instead of JSON: is a proxy in between? If not, check "port" and "uri"',
    );
  }
  if (contentType !== "" && !isJson(contentType)) {
    const type = clean(contentType, redact, 80);
    throw new UnexpectedBodyError(
      place,
      `content type "${type}" instead of JSON: check "port" and "uri"`,
    );
  }
  if (text.trim() === "") {
    throw new UnexpectedBodyError(place, "an empty body instead of JSON", { truncated: true });
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the body: no cause.
    const truncated = endsTooEarly(text);
    throw new UnexpectedBodyError(
      place,
      truncated
        ? `JSON that ends too early, after ${text.length} characters`
        : "invalid JSON: the response is not NetBackup's, or damaged on its way",
      { truncated },
    );
  }
}

function endsTooEarly(text: string): boolean {
  const trimmed = text.trim();
  const end = trimmed.startsWith("{") ? "}" : trimmed.startsWith("[") ? "]" : undefined;
  return end !== undefined && !trimmed.endsWith(end);
}
