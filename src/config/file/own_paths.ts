/**
 * Files and directories of the exporter's own that the configuration names: the log file and the
 * state directory. They are checked here, so that `check` finds what would fail at the start.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import type { ConfigEnvironment, FileFacts } from "./environment.ts";

/** Where something of the exporter's own is kept. */
export interface OwnPath {
  /** Absolute. */
  readonly path: string;
  /** Where the Go exporter has it, when that place is used because only it exists. */
  readonly instead: string | undefined;
  /** Why it cannot be used; names no path, as that may come from a variable. */
  readonly fault: string | undefined;
}

/** What is needed to check paths. */
export interface PathContext {
  readonly environment: Pick<ConfigEnvironment, "cwd" | "factsOf">;
  /** Absolute path of the folder of the configuration file, from which relative names start. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/** Finds the log file. Its folder must be there. */
export async function findLogFile(name: string, context: PathContext): Promise<OwnPath> {
  // The file need not be there, its folder must.
  const place = await choosePlace(name, context, (path) => [path, dirname(path)]);
  const facts = await factsOf(place.path, context);
  const folder = await factsOf(dirname(place.path), context);
  const fault = facts?.kind === "directory"
    ? "it is a directory"
    : facts?.kind === "pipe" && !/^\/(dev|proc)\//.test(place.path)
    ? "it is a named pipe, which blocks while nobody reads it"
    : facts === undefined && folder?.kind !== "directory" && folder?.kind !== "unknown"
    ? "its folder does not exist; create it"
    : undefined;
  return { ...place, fault };
}

/** Finds the state directory. It is made when it is missing, so what is there must be one. */
export async function findStateDirectory(name: string, context: PathContext): Promise<OwnPath> {
  const place = await choosePlace(name, context, (path) => [path]);
  let path = place.path;
  let facts = await factsOf(path, context);
  while (facts === undefined && dirname(path) !== path) {
    path = dirname(path);
    facts = await factsOf(path, context);
  }
  const isFile = facts !== undefined && facts.kind !== "directory" && facts.kind !== "unknown";
  const fault = !isFile
    ? undefined
    : path === place.path
    ? "it is not a directory"
    : "a part of it is not a directory";
  return { ...place, fault };
}

/**
 * Relative names start from the folder of the configuration file. The Go exporter starts from the
 * working directory: what exists there only continues to be used, so that nothing is lost.
 *
 * @param traces What shows that a path is the one in use, the surest first.
 */
async function choosePlace(
  name: string,
  context: PathContext,
  traces: (path: string) => readonly string[],
): Promise<Omit<OwnPath, "fault">> {
  const path = resolve(context.folder, name);
  const old = resolve(context.environment.cwd, name);
  if (path === old) return { path, instead: undefined };
  const oldTraces = traces(old);
  for (const [index, trace] of traces(path).entries()) {
    if (await factsOf(trace, context)) break;
    if (await factsOf(oldTraces[index] ?? old, context)) return { path: old, instead: path };
  }
  return { path, instead: undefined };
}

function factsOf(path: string, context: PathContext): Promise<FileFacts | undefined> {
  return context.environment.factsOf(path, context.signal);
}
