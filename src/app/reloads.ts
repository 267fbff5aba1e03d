/**
 * Reloads of the configuration: one after the other, and a bad configuration changes nothing.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { ConfigDiff } from "../config/comparison/diff.ts";
import { logConfigError } from "../config/report.ts";
import type { ReloadStatus } from "../metrics/exporter_families.ts";
import type { LoggingHandle } from "../telemetry/logging.ts";
import { changesOf } from "./announce.ts";
import type { Loaded } from "./load.ts";
import type { ServiceManager } from "./service_manager.ts";

/** Why a reload happens. */
export type ReloadTrigger = "signal" | "file" | "request";

/** What reloading needs. */
export interface ReloadsOptions {
  readonly configFile: string;
  readonly clock: Clock;
  readonly logging: Pick<LoggingHandle, "logger" | "reopen">;
  readonly serviceManager: ServiceManager;
  /** Aborted when the exporter is told to stop: nothing takes effect after that. */
  readonly stop: AbortSignal;
  /** Reads the configuration anew. */
  readonly load: () => Promise<Loaded>;
  /**
   * Makes a loaded configuration the running one, or throws and leaves things as they were.
   *
   * @returns What is different now; undefined when the exporter was told to stop meanwhile.
   */
  readonly apply: (loaded: Loaded) => Promise<ConfigDiff | undefined>;
  /** A configuration was refused. */
  readonly onRefused: (error: unknown) => void;
  /** There is a new status. */
  readonly onStatus: () => void;
  /** One line on the exporter, for the service manager. */
  readonly describe: () => string;
}

/** Reloads the configuration on demand. */
export class Reloads {
  readonly #options: ReloadsOptions;
  #status: ReloadStatus;
  /** The reload that is going on. */
  #last: Promise<boolean> = Promise.resolve(true);

  constructor(options: ReloadsOptions) {
    this.#options = options;
    this.#status = { successful: true, lastSuccessMs: options.clock.now() };
  }

  /** How the last reload went; the start counts as the first. */
  get status(): ReloadStatus {
    return this.#status;
  }

  /**
   * Loads the configuration again and makes it the running one, after the reloads that were asked
   * for before. A bad one changes nothing.
   *
   * @returns Whether the configuration took effect.
   */
  reload(trigger: ReloadTrigger): Promise<boolean> {
    this.#last = this.#last.then(() => this.#options.stop.aborted ? false : this.#reload(trigger));
    return this.#last;
  }

  /** Settles when all reloads that were asked for have ended. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #reload(trigger: ReloadTrigger): Promise<boolean> {
    const { serviceManager, stop, describe } = this.#options;
    serviceManager.reloading();
    try {
      return await this.#tryReload(trigger);
    } finally {
      if (!stop.aborted) serviceManager.ready(describe());
    }
  }

  async #tryReload(trigger: ReloadTrigger): Promise<boolean> {
    const { configFile: file, clock, logging, stop, load, apply, onRefused } = this.#options;
    const { logger } = logging;
    if (trigger !== "file") await logging.reopen();
    logger.info("reloading the configuration", { trigger, file });
    try {
      const loaded = await load();
      const diff = stop.aborted ? undefined : await apply(loaded);
      if (!diff) return false;
      this.#note({ successful: true, lastSuccessMs: clock.now() });
      logger.info("applied the new configuration", changesOf(diff));
      return true;
    } catch (error) {
      if (stop.aborted) return false;
      this.#note({ ...this.#status, successful: false });
      logConfigError(logger, error);
      onRefused(error);
      logger.error("reload failed: the running configuration stays in effect", { trigger, file });
      return false;
    }
  }

  #note(status: ReloadStatus): void {
    this.#status = status;
    this.#options.onStatus();
  }
}
