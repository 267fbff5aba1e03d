/**
 * The default command: runs the exporter until it is told to stop.
 *
 * @module
 */
import { App } from "../app.ts";
import type { BuildInfo } from "../base/build_info.ts";
import { settlesWithin } from "../base/settles_within.ts";
import { UnhandledErrors } from "../base/unhandled_errors.ts";
import type { LogFields } from "../telemetry/logger.ts";
import type { RunOptions } from "./run_options.ts";
import { listenForStop } from "./stop_signal.ts";

/** How long a start may go on after a signal, in milliseconds: it may hang in a file system. */
const START_TIMEOUT_MS = 2000;

/** A shutdown takes less by itself; this is for one that hangs. In milliseconds. */
const SHUTDOWN_TIMEOUT_MS = 9500;

const EXIT_FAILURE = 1;

/**
 * Runs the exporter until SIGTERM or SIGINT; a second signal ends the process at once.
 *
 * @throws Error When it cannot start, loses its port, or does not stop in time.
 */
export async function serveUntilSignal(options: RunOptions, build: BuildInfo): Promise<void> {
  let app: App | undefined;
  const unhandledErrors = new UnhandledErrors();
  const letThrough = unhandledErrors.catchAll((error) => {
    app?.logger.error("unhandled error: please report this bug", { error });
  });
  const stop = listenForStop(() => Deno.exit(EXIT_FAILURE));
  try {
    const starting = App.start({
      configFile: options.config,
      webConfigFile: options.webConfigFile,
      debug: options.debug,
      traceBodies: options.trace,
      enableLifecycle: options.enableLifecycle,
      overrides: options.overrides,
      build,
      unhandledErrors,
    });
    app = await Promise.race([starting, stop.received.then(() => undefined)]);
    if (!app) return await stopStart(starting, await stop.received);
    await runUntil(stop.received, app);
  } finally {
    letThrough();
    stop.close();
  }
}

/** Lets an exporter run until a signal or a request ends it, or until it has lost its port. */
async function runUntil(stopped: Promise<Deno.Signal>, app: App): Promise<void> {
  const end = await Promise.race([
    stopped.then((signal) => ({ signal })),
    app.quitRequested.then(() => ({ reason: "a request to /-/quit" })),
    app.lost.then((error) => ({ error })),
  ]);
  await shutdown(app, "error" in end ? { reason: "the port is lost" } : end);
  if ("error" in end) throw end.error;
}

/** Ends an exporter that is told to stop before it has started. */
async function stopStart(starting: Promise<App>, signal: Deno.Signal): Promise<void> {
  const started = starting.then((app) => app, () => undefined);
  if (!await settlesWithin(started, START_TIMEOUT_MS)) return;
  const app = await started;
  if (app) await shutdown(app, { signal });
}

async function shutdown(app: App, why: LogFields): Promise<void> {
  app.logger.info("stopping", why);
  if (!await settlesWithin(app.shutdown(), SHUTDOWN_TIMEOUT_MS)) {
    throw new Error("cannot shut down in time: a file system or the log reader may have stalled");
  }
}
