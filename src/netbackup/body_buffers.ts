/**
 * The memory that bodies are read into.
 *
 * @module
 */
import { release } from "../base/release.ts";

/** Size of a buffer in bytes: a page of a hundred jobs has some 150 kB. */
const BUFFER_BYTES = 256 * 1024;
/** Buffers that are kept, 2 MB in all: what two sites read at a time by default. */
const MAX_KEPT = 8;

/**
 * Buffers for bodies, used again and again. Fresh memory for each body costs more processor time than
 * its bytes take to decode: the system clears it first, and takes it back afterwards.
 */
export class BodyBuffers {
  readonly #kept: ArrayBuffer[] = [];

  /** A buffer that nobody else holds. */
  take(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#kept.pop() ?? new ArrayBuffer(BUFFER_BYTES));
  }

  /** Gives back a buffer that was taken, or what a stream has made of it. */
  give(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#kept.length < MAX_KEPT) this.#kept.push(bytes.buffer);
    else release(bytes);
  }
}
