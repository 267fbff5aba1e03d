/**
 * Standard output as a place for lines.
 *
 * @module
 */
import { type LineWriter, writeAll } from "./log_file.ts";

/** What is needed of `Deno.stdout`. */
export interface SyncWriter {
  writeSync(bytes: Uint8Array): number;
}

/** How long one line waits for a reader that has fallen behind, in milliseconds. */
const PATIENCE_MS = 200;

/**
 * Writes to standard output at once and in order. When its reader has gone nothing is written any
 * more: whoever pipes the exporter into something that ends must not end the exporter.
 *
 * @param output `Deno.stdout`.
 */
export function standardOutput(output: SyncWriter): LineWriter {
  let closed = false;
  const patient = { writeSync: (bytes: Uint8Array) => writePatiently(output, bytes) };
  return {
    write(bytes) {
      if (closed) return;
      try {
        writeAll(patient, bytes);
      } catch (error) {
        // A full pipe loses the line; any other failure will not pass.
        closed = !(error instanceof Deno.errors.WouldBlock);
      }
    },
  };
}

/** A pipe may be set to non-blocking by whoever shares it; then a full one refuses. */
function writePatiently(output: SyncWriter, bytes: Uint8Array): number {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0;; waited += 5) {
    try {
      return output.writeSync(bytes);
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock) || waited >= PATIENCE_MS) throw error;
      Atomics.wait(sleeper, 0, 0, 5);
    }
  }
}
