/**
 * Notifies systemd of the state of the exporter by `sd_notify(3)`: ready, reloading, stopping, alive.
 *
 * It takes a datagram to the socket that `NOTIFY_SOCKET` names: no helper program, and no permission
 * beside those that the exporter has. `Deno.listenDatagram` is unstable in Deno 2.9, hence the flag
 * `--unstable-net`, which gives access to nothing by itself.
 *
 * `Type=notify-reload` cannot be had: it asks for the time of `CLOCK_MONOTONIC`, which Deno tells
 * nobody (`process.hrtime()` begins at 0 with the process, `/proc` needs all permissions).
 *
 * @module
 */
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../telemetry/logger.ts";

/** Who started the exporter, and wants to know how it is. Nothing here waits or throws. */
export interface ServiceManager {
  /** It serves, after a start and after a reload alike. @param status One line for people. */
  ready(status: string): void;
  reloading(): void;
  stopping(): void;
  /** Sends what is still to be sent, and ends. */
  close(): Promise<void>;
}

/** What it needs. */
export interface ServiceManagerOptions {
  /** Environment variables: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`. */
  readonly environment: (name: string) => string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** For whoever was not started by a service manager, or by one that does not ask. */
const noServiceManager: ServiceManager = {
  ready() {},
  reloading() {},
  stopping() {},
  close: () => Promise.resolve(),
};

/** Begins to listen to nobody: what is to be said is sent when there is something. */
export async function openServiceManager(options: ServiceManagerOptions): Promise<ServiceManager> {
  const { environment, logger } = options;
  const path = notifySocket(environment);
  if (!path) return noServiceManager;
  try {
    // Deno cannot send to an abstract address, "@…" (github.com/denoland/deno/issues/31660); systemd
    // gives the services of the machine a path.
    if (!path.startsWith("/")) throw new Error(`"${path}" is not a path`);
    return new NotifySocket(await bind(), path, options);
  } catch (error) {
    logger.warn("cannot notify the service manager that the exporter is ready", { error });
    return noServiceManager;
  }
}

/** A build that is limited to lists of variables and addresses does not notify: see docs/security.md. */
function notifySocket(environment: ServiceManagerOptions["environment"]): string | undefined {
  try {
    return environment("NOTIFY_SOCKET");
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/** A socket of our own. Deno has none without an address, so it is one in a folder of our own. */
async function bind(): Promise<Deno.DatagramConn> {
  if (Deno.listenDatagram === undefined) throw new Error("Deno was started without --unstable-net");
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_" });
  try {
    return Deno.listenDatagram({ transport: "unixpacket", path: join(directory, "notify") });
  } finally {
    // It is there to send, and does so without its name.
    await Deno.remove(directory, { recursive: true });
  }
}

class NotifySocket implements ServiceManager {
  readonly #socket: Deno.DatagramConn;
  readonly #path: string;
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  readonly #alive: Promise<void>;
  /** What was said before is sent before. */
  #sent: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(socket: Deno.DatagramConn, path: string, options: ServiceManagerOptions) {
    this.#socket = socket;
    this.#path = path;
    this.#logger = options.logger;
    this.#alive = this.#stayAlive(options);
  }

  ready(status: string): void {
    this.#send(`READY=1\nSTATUS=${status.replaceAll(/\s/g, " ")}`);
  }

  reloading(): void {
    this.#send("RELOADING=1\nSTATUS=reloading the configuration");
  }

  stopping(): void {
    this.#send("STOPPING=1\nSTATUS=stopping");
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#alive;
    await this.#sent;
    this.#socket.close();
  }

  /** A sign of life twice in the time that the watchdog waits, for as long as the event loop runs. */
  async #stayAlive({ environment, clock }: ServiceManagerOptions): Promise<void> {
    const microseconds = Number(environment("WATCHDOG_USEC") ?? "0");
    const meant = environment("WATCHDOG_PID") ?? String(Deno.pid);
    if (!(microseconds > 0) || meant !== String(Deno.pid)) return;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#send("WATCHDOG=1");
      // Woken by the end, which is no failure.
      await clock.sleep(microseconds / 2000, signal).catch(() => {});
    }
  }

  #send(message: string): void {
    const bytes = new TextEncoder().encode(message);
    const target: Deno.UnixAddr = { transport: "unixpacket", path: this.#path };
    this.#sent = this.#sent.then(async () => {
      try {
        await this.#socket.send(bytes, target);
        this.#failed = false;
      } catch (error) {
        // Once: the watchdog would fill the log.
        if (!this.#failed) this.#logger.warn("cannot reach the service manager", { error });
        this.#failed = true;
      }
    });
  }
}
