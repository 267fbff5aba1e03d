/**
 * The layers of the source tree, from the top down: a file imports only from layers below its own.
 *
 * @module
 */

/** A layer: a part of the source with one purpose. */
export interface Layer {
  /** As the table shows it, and the name used in messages. */
  readonly name: string;
  /** Files, or folders with a slash at the end, relative to the root of the repository. */
  readonly paths: readonly string[];
  readonly purpose: string;
}

/** All layers; the order is the order in which they may import. */
export const LAYERS: readonly Layer[] = [
  {
    name: "main.ts",
    paths: ["main.ts"],
    purpose: "hands the arguments to the command line and exits with its result",
  },
  {
    name: "src/cli",
    paths: ["src/cli.ts", "src/cli/"],
    purpose: "the command line",
  },
  {
    name: "src/app",
    paths: ["src/app.ts", "src/app/"],
    purpose: "the composition root: start, reload, shutdown",
  },
  {
    name: "src/server",
    paths: ["src/server/"],
    purpose: "the exporter's own port: routes, content negotiation, listeners, status page",
  },
  {
    name: "src/site",
    paths: ["src/site/"],
    purpose: "one primary: its client, the schedules and outcomes of its collectors",
  },
  {
    name: "src/collectors",
    paths: ["src/collectors/"],
    purpose: "one declaration per file, and the list of them",
  },
  {
    name: "src/ledger",
    paths: ["src/ledger/"],
    purpose: "the job ledger: reads every job about once and counts it exactly once",
  },
  {
    name: "src/metrics",
    paths: ["src/metrics/"],
    purpose: "metric definitions, exposition, the exporter's own metrics",
  },
  {
    name: "src/netbackup",
    paths: ["src/netbackup/"],
    purpose: "all that speaks HTTP to NetBackup; knows no metric names",
  },
  {
    name: "src/config",
    paths: ["src/config/"],
    purpose: "the configuration: schema, loading, watching",
  },
  {
    name: "src/state",
    paths: ["src/state/"],
    purpose: "what is kept across restarts: two checkpoint files per site",
  },
  {
    name: "src/telemetry",
    paths: ["src/telemetry/"],
    purpose: "logging and tracing",
  },
  {
    name: "src/base",
    paths: ["src/base/"],
    purpose: "secrets, clock, log level, build information; imports nothing of ours",
  },
];

/**
 * The place of a file's layer in {@linkcode LAYERS}.
 *
 * @param file Path relative to the root of the repository.
 * @returns Undefined for a file that is in no layer.
 */
export function layerIndexOf(file: string): number | undefined {
  const index = LAYERS.findIndex(({ paths }) =>
    paths.some((path) => path.endsWith("/") ? file.startsWith(path) : file === path)
  );
  return index === -1 ? undefined : index;
}
