/**
 * Line coverage from an lcov report.
 *
 * @module
 */

/** The tests fail below this share of the lines of `src/`, in percent. */
export const COVERAGE_LIMIT_PERCENT = 90;

/** Coverage of one file or of all. */
export interface Coverage {
  /** Covered lines in percent; 0 when there are none at all. */
  readonly percent: number;
  readonly files: readonly { readonly file: string; readonly percent: number }[];
}

/**
 * Adds up an lcov report over the files of one directory. A file may stand in several records.
 *
 * @param lcov Text of the report.
 * @param directory Absolute path, with a slash at its end.
 */
export function lineCoverage(lcov: string, directory: string): Coverage {
  const files = new Map<string, Map<string, boolean>>();
  let lines: Map<string, boolean> | undefined;
  for (const row of lcov.split("\n")) {
    if (row.startsWith("SF:")) {
      const file = row.slice(3);
      lines = undefined;
      if (!file.startsWith(directory)) continue;
      lines = files.get(file) ?? new Map();
      files.set(file, lines);
    } else if (row.startsWith("DA:") && lines) {
      const [line = "", hits = "0"] = row.slice(3).split(",");
      lines.set(line, (lines.get(line) ?? false) || Number(hits) > 0);
    }
  }
  let all = 0;
  let hit = 0;
  const report = [];
  for (const [file, marks] of files) {
    const covered = [...marks.values()].filter(Boolean).length;
    all += marks.size;
    hit += covered;
    const percent = marks.size === 0 ? 100 : (100 * covered) / marks.size;
    report.push({ file: file.slice(directory.length), percent });
  }
  return { percent: all === 0 ? 0 : (100 * hit) / all, files: report };
}
