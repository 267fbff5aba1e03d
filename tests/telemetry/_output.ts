/**
 * A standard output that keeps what is written to it.
 *
 * @module
 */

/** Lines written so far. */
export class RecordedOutput {
  #text = "";
  readonly #decoder = new TextDecoder();

  write(bytes: Uint8Array): Promise<number> {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    return Promise.resolve(bytes.length);
  }

  /** All that was written. */
  get text(): string {
    return this.#text;
  }

  /** The lines; the last one must have ended. */
  get lines(): string[] {
    const lines = this.#text.split("\n");
    if (lines.pop() !== "") throw new Error("The last line has not ended");
    return lines;
  }
}
