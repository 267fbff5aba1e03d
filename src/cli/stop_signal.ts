/**
 * Signals that end the exporter.
 *
 * @module
 */

/** Waits for the first signal. */
export interface StopSignal {
  /** The first signal, when it comes. */
  readonly received: Promise<Deno.Signal>;
  /** Stops listening. */
  close(): void;
}

/**
 * Listens to the signals that ask for an orderly end.
 *
 * @param onSecond Called when a second one comes: whoever sends it does not want to wait.
 */
export function listenForStop(onSecond: () => void): StopSignal {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  let signals = 0;
  const listeners = stopSignals().map((signal) => {
    const listener = () => {
      signals += 1;
      if (signals > 1) onSecond();
      resolve(signal);
    };
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return {
    received: promise,
    close() {
      for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}

function stopSignals(): Deno.Signal[] {
  return Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];
}
