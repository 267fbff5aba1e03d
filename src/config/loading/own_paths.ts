/**
 * Puts the paths of the log file and of the state directory into the configuration, and says where
 * the start would refuse them.
 *
 * @module
 */
import {
  findLogFile,
  findStateDirectory,
  type OwnPath,
  type PathContext,
} from "../file/own_paths.ts";
import type { IssueCollector } from "../issues.ts";
import { formatKeyPath, type KeyPath } from "../key_path.ts";
import type { ValidConfig } from "../schema/schema.ts";
import type { Filled } from "./fill_variables.ts";
import type { WarningCollector } from "./warnings.ts";

/** What is kept where, as absolute paths. */
export interface OwnPaths {
  readonly logFile: string | undefined;
  readonly stateDirectory: string | undefined;
}

/** Where faults and warnings about the paths go. */
export interface OwnPathReport {
  readonly filled: Filled;
  readonly issues: IssueCollector;
  readonly warnings: WarningCollector;
}

/** Finds the paths of the exporter's own files. */
export async function resolveOwnPaths(
  { server, state }: ValidConfig,
  context: PathContext,
  report: OwnPathReport,
): Promise<OwnPaths> {
  const { logName } = server;
  const { directory } = state;
  const logFile = logName === undefined ? undefined : await findLogFile(logName, context);
  const kept = directory === undefined ? undefined : await findStateDirectory(directory, context);
  tell(["server", "logName"], logFile, "a file that can be written to", report);
  tell(["state", "directory"], kept, "a directory", report);
  return { logFile: logFile?.path, stateDirectory: kept?.path };
}

function tell(
  key: KeyPath,
  found: OwnPath | undefined,
  expected: string,
  { filled, issues, warnings }: OwnPathReport,
): void {
  if (found?.fault !== undefined) issues.addFound(key, filled.found(key), expected, found.fault);
  if (found?.instead !== undefined) {
    warnings.add(
      "doubtful",
      key,
      `${formatKeyPath(key)} starts from the folder of this file, but only ${found.path} exists ` +
        `and is used; move it to ${found.instead}, or write the whole path`,
    );
  }
}
