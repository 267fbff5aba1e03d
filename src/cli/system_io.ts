/**
 * The command line's world as the system has it.
 *
 * @module
 */
import { systemEnvironment } from "../config/file/environment.ts";
import type { CliIo } from "./io.ts";

/** Returns to the begin of the line and clears it. */
const CLEAR_LINE = "\r\x1b[K";

/**
 * Standard output, standard error, files and environment of the process.
 *
 * @param serving Called when the exporter begins to serve.
 */
export function systemIo(serving: () => void): CliIo {
  const err = (text: string) => write(Deno.stderr, text);
  return {
    out: (text) => write(Deno.stdout, text),
    err,
    progress: Deno.stderr.isTerminal() ? (text) => err(`${CLEAR_LINE}${text}`) : undefined,
    environment: systemEnvironment(),
    fetch: (url, init) => fetch(url, init),
    async serve(options, build) {
      // Other commands do not need the exporter, which takes most of the time to load.
      const { serveUntilSignal } = await import("./serve.ts");
      serving();
      await serveUntilSignal(options, build);
    },
  };
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let sent = 0; sent < bytes.length;) sent += stream.writeSync(bytes.subarray(sent));
}
