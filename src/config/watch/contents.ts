/**
 * Remembers what was in files and tells whether that has changed.
 *
 * @module
 */
import { ABSENT, fingerprint } from "../file/fingerprint.ts";

/** The contents of a set of files, as digests. */
export class WatchedContents {
  readonly #readTextFile: (path: string) => Promise<string>;
  #known = new Map<string, string | undefined>();

  /** @param readTextFile Reads a file; whatever it throws means that the file is absent. */
  constructor(readTextFile: (path: string) => Promise<string>) {
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
  async compare(): Promise<Comparison> {
    const now = new Map<string, string>();
    for (const file of this.#known.keys()) now.set(file, await this.#digest(file));
    let changed = false;
    let vanished = false;
    for (const [file, digest] of now) {
      const before = this.#known.get(file);
      if (before === undefined || before === digest) continue;
      changed = true;
      if (digest === ABSENT) vanished = true;
    }
    return { changed, vanished, digests: now };
  }

  /** Takes note of what a comparison found, for the files still watched. */
  accept({ digests }: Comparison): void {
    for (const [file, digest] of digests) if (this.#known.has(file)) this.#known.set(file, digest);
  }

  async #digest(file: string): Promise<string> {
    try {
      return await fingerprint(await this.#readTextFile(file));
    } catch {
      return ABSENT;
    }
  }
}

/** What a look at the files gave. */
export interface Comparison {
  readonly changed: boolean;
  /** A file that was there is not any more: perhaps for a moment only. */
  readonly vanished: boolean;
  readonly digests: ReadonlyMap<string, string>;
}
