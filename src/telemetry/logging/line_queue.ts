/**
 * Lines on their way out, so that no reader, disk or file system can hold up the exporter.
 *
 * @module
 */
import { settlesWithin } from "../../base/settles_within.ts";

/** Bytes that wait for a slow reader; more than the longest line, a body logged by `--trace`. */
const MAX_QUEUED_BYTES = 1024 * 1024;

/** Lines are written together up to this size: a busy log then costs few system calls. */
const MAX_BATCH_BYTES = 64 * 1024;

/** How lines leave a queue. */
export interface LineQueueOptions {
  /**
   * Writes whole lines; not called again before it has settled.
   *
   * @throws What the system says when it cannot; the lines are then dropped.
   */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Called for each loss: the queue was full, or writing failed. */
  readonly onDropped: (lines: number) => void;
  /** Called with the lines lost since the last call, once writing works again. */
  readonly onRecovered: (droppedLines: number) => void;
  /** Called when writing fails, before the loss is counted. */
  readonly onError?: (error: unknown) => void;
  /**
   * Bytes that may wait to be written.
   *
   * @default {1048576}
   */
  readonly maxBytes?: number;
}

/** A bounded queue of lines that are written one batch after the other, in order. */
export class LineQueue {
  readonly #options: LineQueueOptions;
  readonly #maxBytes: number;
  #lines: Uint8Array[] = [];
  /** Bytes that wait or are being written. */
  #pendingBytes = 0;
  /** Lines lost since `onRecovered` was last called. */
  #lost = 0;
  #draining: Promise<void> | undefined;

  constructor(options: LineQueueOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? MAX_QUEUED_BYTES;
  }

  /** Adds a line, and never waits. A line that does not fit is dropped; into an empty queue any fits. */
  add(line: Uint8Array): void {
    if (this.#pendingBytes > 0 && this.#pendingBytes + line.length > this.#maxBytes) {
      this.#drop(1);
      return;
    }
    this.#lines.push(line);
    this.#pendingBytes += line.length;
    this.#draining ??= this.#drain();
  }

  /**
   * Waits until nothing is left to write, but no longer than a time limit.
   *
   * @param timeoutMs Time limit in milliseconds.
   * @returns Whether all lines were handed over or dropped in time.
   */
  async flush(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (this.#draining) {
      if (!await settlesWithin(this.#draining, deadline - performance.now())) return false;
    }
    return true;
  }

  async #drain(): Promise<void> {
    while (this.#lines.length > 0) {
      const batch = this.#nextBatch();
      const bytes = join(batch);
      try {
        await this.#options.write(bytes);
        this.#pendingBytes -= bytes.length;
        this.#reportRecovery();
      } catch (error) {
        this.#pendingBytes -= bytes.length;
        this.#options.onError?.(error);
        this.#drop(batch.length);
      }
    }
    this.#draining = undefined;
  }

  #nextBatch(): Uint8Array[] {
    let count = 0;
    let size = 0;
    for (const { length } of this.#lines) {
      if (count > 0 && size + length > MAX_BATCH_BYTES) break;
      size += length;
      count += 1;
    }
    return this.#lines.splice(0, count);
  }

  #drop(lines: number): void {
    this.#lost += lines;
    this.#options.onDropped(lines);
  }

  #reportRecovery(): void {
    // Only once the queue has room again, or the report would be dropped like the lines before it.
    if (this.#lost === 0 || this.#lines.length > 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#options.onRecovered(lost);
  }
}

function join(lines: readonly Uint8Array[]): Uint8Array {
  const [first] = lines;
  if (first && lines.length === 1) return first;
  const bytes = new Uint8Array(lines.reduce((size, { length }) => size + length, 0));
  let offset = 0;
  for (const line of lines) {
    bytes.set(line, offset);
    offset += line.length;
  }
  return bytes;
}
