/**
 * Reads files and remembers what was in them.
 *
 * @module
 */
import type { ConfigEnvironment } from "./environment.ts";
import { ABSENT, fingerprint } from "./fingerprint.ts";

/** The files that one load of the configuration has read, or should have. */
export class FileReader {
  readonly #environment: Pick<ConfigEnvironment, "readTextFile">;
  readonly #signal: AbortSignal | undefined;
  readonly #contents = new Map<string, string | undefined>();

  /** @param signal Ends the reading. */
  constructor(
    environment: Pick<ConfigEnvironment, "readTextFile">,
    signal: AbortSignal | undefined,
  ) {
    this.#environment = environment;
    this.#signal = signal;
  }

  /** Absolute paths of the files, in the order in which they were asked for. */
  get paths(): readonly string[] {
    return [...this.#contents.keys()];
  }

  /** Reads a file that belongs to the configuration, whether it can be read or not. */
  async read(path: string): Promise<string> {
    this.#contents.set(path, undefined);
    return await this.readOptional(path);
  }

  /** Like `read`, but a file that cannot be read is none of ours. */
  async readOptional(path: string): Promise<string> {
    const content = await this.#environment.readTextFile(path, this.#signal);
    this.#contents.set(path, content);
    return content;
  }

  /** Digests of the files as they were read, by path. */
  async fingerprints(): Promise<ReadonlyMap<string, string>> {
    const digests = new Map<string, string>();
    for (const [path, content] of this.#contents) {
      digests.set(path, content === undefined ? ABSENT : await fingerprint(content));
    }
    return digests;
  }
}
