/**
 * Giving memory back before the garbage collector comes by.
 *
 * The memory of an `ArrayBuffer` lies outside the heap, so that the collector lets some 60 MB of it
 * pile up: much for bytes that are needed for a moment only.
 *
 * @module
 */

/**
 * Frees the memory behind some bytes, which have no length from then on. For bytes that nobody else
 * holds: every view of the same buffer loses its bytes, so that those of Node's `Buffer`, which share
 * buffers, are not for this.
 */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}
