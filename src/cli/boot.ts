/**
 * The first thing that runs. It imports nothing that takes time to load.
 *
 * @module
 */
import type { BuildInfo } from "../base/build_info.ts";

/**
 * Loads the program, runs it and ends the process.
 *
 * SIGHUP asks for a reload, and ends a process that does not listen to it. A service manager may send
 * it right after the start, so it is listened to before anything is loaded. Nothing can be done here
 * about the time that Deno itself takes to start: the systemd unit starts it with SIGHUP ignored.
 *
 * @param serving Called when the exporter begins to serve, which other commands do not.
 */
export async function boot(build: BuildInfo, serving: () => void = () => {}): Promise<never> {
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", () => {});
  const { main } = await import("../cli.ts");
  const { systemIo } = await import("./system_io.ts");
  Deno.exit(await main(Deno.args, build, systemIo(serving)));
}
