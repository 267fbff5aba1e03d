/**
 * What is wrong with a configuration.
 *
 * @module
 */
import type { ConfigWarning } from "./types.ts";

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

/** What is known of a configuration that cannot be used, beside its problems. */
export interface ConfigErrorContext {
  /**
   * Absolute paths of the files that were read or should have been: a change in one of them may
   * cure the configuration.
   */
  readonly files?: readonly string[];
  /** Digests of those files as they were read. */
  readonly fingerprints?: ReadonlyMap<string, string>;
  /** Unknown keys and the like: one of them may be the misspelt key that is missing. */
  readonly warnings?: readonly ConfigWarning[];
}

/** A configuration that cannot be used; holds every problem found. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** All problems, in the order of the file. */
  readonly issues: readonly ConfigIssue[];
  readonly files: readonly string[];
  readonly fingerprints: ReadonlyMap<string, string>;
  readonly warnings: readonly ConfigWarning[];

  /** @param issues All problems; at least one. */
  constructor(
    issues: readonly ConfigIssue[],
    { files = [], fingerprints = new Map(), warnings = [] }: ConfigErrorContext = {},
  ) {
    super(`Configuration is not valid:\n${issues.map(formatIssue).join("\n")}`);
    this.issues = issues;
    this.files = files;
    this.fingerprints = fingerprints;
    this.warnings = warnings;
  }
}

/**
 * One line per problem: `config.yaml:12:9: nbuservers[0].port: found "99999", expected a whole
 * number from 1 to 65535`. The warnings follow.
 */
export function formatConfigError({ issues, warnings }: ConfigError): string {
  return [...issues.map(formatIssue), ...warnings.map(formatConfigWarning)].join("\n");
}

/** One line: `config.yaml:12:9: warning: unknown key "prot" is ignored`. */
export function formatConfigWarning({ file, line, column, message }: ConfigWarning): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: warning: ${message}`;
}

function formatIssue(issue: ConfigIssue): string {
  const place = issue.line === undefined ? "" : `:${issue.line}:${issue.column ?? 1}`;
  const key = issue.key === undefined || issue.key === "" ? "" : `${issue.key}: `;
  return `${issue.file}${place}: ${key}${issue.message}`;
}
