/**
 * What the operator of a configuration should know although it is valid.
 *
 * @module
 */
import type { Place, Places } from "../file/yaml_places.ts";
import { formatKeyPath, type KeyPath } from "../key_path.ts";
import { nearest } from "../schema/nearest.ts";
import type { WalkResult } from "../schema/walk.ts";
import type { ConfigWarning } from "../types.ts";

/** Gathers warnings with their places. */
export class WarningCollector {
  readonly #warnings: ConfigWarning[] = [];

  /**
   * @param file The configuration file, as it was named.
   * @param places Finds the places in it.
   */
  constructor(private readonly file: string, private readonly places?: Places) {}

  /** Adds a warning about a key; about the file where the path is empty. */
  add(kind: ConfigWarning["kind"], path: KeyPath, message: string): void {
    this.addAt(kind, path.length === 0 ? undefined : this.places?.key(path), message, path);
  }

  /** Adds a warning about a place that is no key. */
  addAt(
    kind: ConfigWarning["kind"],
    place: Place | undefined,
    message: string,
    path: KeyPath = [],
  ): void {
    const key = formatKeyPath(path);
    this.#warnings.push({
      kind,
      file: this.file,
      line: place?.line,
      column: place?.column,
      key: key === "" ? undefined : key,
      message,
    });
  }

  /** All warnings in the order of the file. */
  sorted(): readonly ConfigWarning[] {
    return this.#warnings.toSorted((a, b) =>
      (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
    );
  }
}

/** Warns of keys that are unknown, and of those that no longer do anything. */
export function warnOfKeys({ unknown, ignored }: WalkResult, warnings: WarningCollector): void {
  for (const { path, known } of unknown) {
    const meant = nearest(String(path.at(-1)), known);
    const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
    warnings.add("unknown-key", path, `unknown key "${formatKeyPath(path)}" is ignored${hint}`);
  }
  for (const path of ignored) {
    warnings.add(
      "ignored-key",
      path,
      `key "${formatKeyPath(path)}" no longer does anything; remove it`,
    );
  }
}
