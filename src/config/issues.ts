/**
 * Gathers the problems of a configuration file.
 *
 * @module
 */
import type { ConfigIssue } from "./errors.ts";
import { formatKeyPath, type KeyPath } from "./key_path.ts";
import type { Place, Places } from "./file/yaml_places.ts";

/** What an issue says. */
export interface IssueText {
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
}

/** Problems of one file, with their places. */
export class IssueCollector {
  readonly #issues: ConfigIssue[] = [];
  readonly #paths = new Set<string>();

  /**
   * @param file The configuration file, as it was named.
   * @param places Finds the places in it.
   */
  constructor(private readonly file: string, private readonly places?: Places) {}

  /** Number of problems so far. */
  get count(): number {
    return this.#issues.length;
  }

  /** True if there is a problem with just this key already. */
  has(path: KeyPath): boolean {
    return this.#paths.has(formatKeyPath(path));
  }

  /** Adds a problem; its place is that of the value unless given. */
  add(path: KeyPath, text: IssueText, place: Place | undefined = this.places?.value(path)): void {
    const key = formatKeyPath(path);
    this.#paths.add(key);
    this.#issues.push({
      file: this.file,
      line: place?.line,
      column: place?.column,
      key: key === "" ? undefined : key,
      found: text.found,
      expected: text.expected,
      message: text.message,
    });
  }

  /** Adds a problem of the usual form, `found …, expected …`. */
  addFound(path: KeyPath, found: string, expected: string, reason?: string): void {
    const why = reason === undefined ? "" : ` (${reason})`;
    this.add(path, { message: `found ${found}, expected ${expected}${why}`, found, expected });
  }

  /** Line of the value at a path. */
  lineOf(path: KeyPath): number | undefined {
    return this.places?.value(path)?.line;
  }

  /** All problems in the order of the file. */
  sorted(): readonly ConfigIssue[] {
    return this.#issues.toSorted((a, b) =>
      (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
    );
  }
}
