/**
 * Standard output as a place for lines.
 *
 * `Deno.stdout.writeSync` waits for as long as the reader of a pipe does not read, and the whole
 * exporter with it: scrapes, polls and signals. `Deno.stdout.write` waits on a thread of its own.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { type AsyncWriter, writeAll } from "./write_all.ts";

/** How soon a full pipe is tried again, in milliseconds. */
const RETRY_MS = 20;

/** Standard output for whole lines. */
export interface StandardOutput {
  /**
   * Writes whole lines, and waits for a slow reader.
   *
   * @throws What the system says, again at every call, once the reader has gone or after `close()`.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Gives up on a reader that is still waited for. */
  close(): void;
}

/**
 * Makes standard output a place for lines. When its reader has gone nothing is written any more:
 * whoever pipes the exporter into something that ends must not end the exporter.
 *
 * @param output `Deno.stdout`.
 */
export function standardOutput(output: AsyncWriter): StandardOutput {
  const closing = new AbortController();
  const patient: AsyncWriter = {
    write: (bytes) => writePatiently(output, bytes, closing.signal),
  };
  return {
    async write(bytes) {
      closing.signal.throwIfAborted();
      try {
        await writeAll(patient, bytes);
      } catch (error) {
        closing.abort(error);
        throw error;
      }
    },
    close() {
      closing.abort();
    },
  };
}

/** A pipe may be set to non-blocking by whoever shares it; then a full one refuses. */
async function writePatiently(
  output: AsyncWriter,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  while (true) {
    try {
      return await output.write(bytes);
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      await delay(RETRY_MS, undefined, { signal });
    }
  }
}
