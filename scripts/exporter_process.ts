/**
 * The exporter as a child of a task.
 *
 * @module
 */
import { ROOT } from "./command.ts";
import { RUN_FLAGS } from "./run_flags.ts";

/** A running exporter. */
export interface ExporterProcess {
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number>;
  /** Ends it; may be called more than once. */
  stop(): void;
  /** Whether `stop()` was called. */
  readonly stopping: boolean;
}

/** How the exporter is started. */
export interface ExporterProcessOptions {
  readonly args: readonly string[];
  /** Restart it on every change of the code. */
  readonly watch?: boolean;
}

/** Pause between signals to a watched exporter, in milliseconds: time enough to end in order. */
const SIGNAL_PAUSE_MS = 1500;

/** Starts the exporter from source, with the terminal of this process. */
export function startExporterProcess(options: ExporterProcessOptions): ExporterProcess {
  const { args, watch = false } = options;
  const watching = watch ? ["--watch", "--no-clear-screen"] : [];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...watching, ...RUN_FLAGS, "main.ts", ...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
    // Ctrl-C reaches all processes of the terminal: here only this one, which then ends the exporter.
    detached: true,
  }).spawn();
  let stopping = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  const signal = () => {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
  };
  return {
    ended: child.status.then(({ code }) => {
      clearInterval(timer);
      return code;
    }),
    get stopping() {
      return stopping;
    },
    stop() {
      // The signal can come twice, from the terminal and from the task runner; the exporter would
      // take a second one as the wish to end at once.
      if (stopping) return;
      stopping = true;
      signal();
      // The first signal ends the program; Deno then waits for a change of the code, until the next.
      if (watch) timer = setInterval(signal, SIGNAL_PAUSE_MS);
    },
  };
}

/** Calls `stop` on Ctrl-C and on SIGTERM. */
export function onInterrupt(stop: () => void): void {
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);
}
