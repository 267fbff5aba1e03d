/**
 * What is wrong with a configuration.
 *
 * @module
 */

/** One problem of a configuration file. Never holds a secret. */
export interface ConfigIssue {
  /** The configuration file, as it was named. */
  readonly file: string;
  /** 1-based; undefined where no place in the file is meant. */
  readonly line: number | undefined;
  /** 1-based; undefined where no place in the file is meant. */
  readonly column: number | undefined;
  /** Key path, `nbuservers[0].port`. */
  readonly key: string | undefined;
  /** What stands there, ready to print: `"99999"`, `a list`, `nothing`, `[redacted]`. */
  readonly found: string | undefined;
  /** What should stand there: `a whole number from 1 to 65535`. */
  readonly expected: string | undefined;
  /** The problem in words, without place and key. */
  readonly message: string;
}

/** A configuration that cannot be used; holds every problem found. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** All problems, in the order of the file. */
  readonly issues: readonly ConfigIssue[];
  /**
   * Absolute paths of the files that were read or should have been: a change in one of them may
   * cure the configuration.
   */
  readonly files: readonly string[];
  /** Digests of those files as they were read. */
  readonly fingerprints: ReadonlyMap<string, string>;

  /**
   * @param issues All problems; at least one.
   * @param files Absolute paths of the files the configuration depends on.
   * @param fingerprints Digests of the files as they were read.
   */
  constructor(
    issues: readonly ConfigIssue[],
    files: readonly string[] = [],
    fingerprints: ReadonlyMap<string, string> = new Map(),
  ) {
    super(`Configuration is not valid:\n${issues.map(formatIssue).join("\n")}`);
    this.issues = issues;
    this.files = files;
    this.fingerprints = fingerprints;
  }
}

/**
 * One line per problem: `config.yaml:12:9: nbuservers[0].port: found "99999", expected a whole
 * number from 1 to 65535`.
 */
export function formatConfigError(error: ConfigError): string {
  return error.issues.map(formatIssue).join("\n");
}

function formatIssue(issue: ConfigIssue): string {
  const place = issue.line === undefined ? "" : `:${issue.line}:${issue.column ?? 1}`;
  const key = issue.key === undefined || issue.key === "" ? "" : `${issue.key}: `;
  return `${issue.file}${place}: ${key}${issue.message}`;
}
