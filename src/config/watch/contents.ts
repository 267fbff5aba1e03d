/**
 * Remembers what was in files and tells whether that has changed.
 *
 * @module
 */
import { ABSENT, fingerprint } from "../file/fingerprint.ts";

/** Reads a file; whatever it throws means that the file is absent. */
export type ReadTextFile = (path: string, signal?: AbortSignal) => Promise<string>;

/** What a look at the files gave. */
export interface Comparison {
  readonly changed: boolean;
  readonly digests: ReadonlyMap<string, string>;
}

/** The contents of a set of files, as digests. */
export class WatchedContents {
  readonly #readTextFile: ReadTextFile;
  #known = new Map<string, string | undefined>();

  constructor(readTextFile: ReadTextFile) {
    this.#readTextFile = readTextFile;
  }

  /** The files, in no order. */
  get files(): readonly string[] {
    return [...this.#known.keys()];
  }

  /**
   * Watches other files from now on. What is known of a file that stays is kept, unless a digest is
   * given: that is what the program has really read.
   */
  setFiles(files: readonly string[], fingerprints: ReadonlyMap<string, string> = new Map()): void {
    this.#known = new Map(
      files.map((file) => [file, fingerprints.get(file) ?? this.#known.get(file)]),
    );
  }

  /** Reads all files and compares, without taking note. Files never read before are not new. */
  async compare(signal: AbortSignal): Promise<Comparison> {
    const digests = new Map<string, string>();
    for (const file of this.#known.keys()) digests.set(file, await this.#digest(file, signal));
    const changed = [...digests].some(([file, digest]) => {
      const before = this.#known.get(file);
      return before !== undefined && before !== digest;
    });
    return { changed, digests };
  }

  /** Takes note of what a comparison found, for the files still watched. */
  accept({ digests }: Comparison): void {
    for (const [file, digest] of digests) if (this.#known.has(file)) this.#known.set(file, digest);
  }

  async #digest(file: string, signal: AbortSignal): Promise<string> {
    try {
      return await fingerprint(await this.#readTextFile(file, signal));
    } catch {
      return ABSENT;
    }
  }
}
