/**
 * Turns the export of traces on and off while the exporter runs.
 *
 * @module
 */
import { noTracing, type Tracing } from "../tracing.ts";
import type { RunningTracing, TracingDependencies } from "./running.ts";
import type { TracingSettings } from "./settings.ts";

/** Starts to export. */
export type StartTracing = (
  settings: TracingSettings,
  dependencies: TracingDependencies,
) => Promise<RunningTracing>;

const startLazily: StartTracing = async (settings, dependencies) => {
  const { startSdk } = await import("./sdk.ts");
  return startSdk(settings, dependencies);
};

/** A `Tracing` that hands its spans to whatever is in use when they begin; to nothing at first. */
export class TracingSwitch implements Tracing {
  readonly #dependencies: TracingDependencies;
  readonly #start: StartTracing;
  #running: RunningTracing | undefined;
  /** Former ones that export what they have left. */
  readonly #ending = new Set<Promise<void>>();

  /** @param start For tests. */
  constructor(dependencies: TracingDependencies, start: StartTracing = startLazily) {
    this.#dependencies = dependencies;
    this.#start = start;
  }

  span: Tracing["span"] = (name, attributes, work, kind) =>
    (this.#running?.tracing ?? noTracing).span(name, attributes, work, kind);

  /**
   * Exports by these settings from now on. What the former ones have left is exported in its own
   * time. Never throws: without traces the exporter goes on.
   */
  async use(settings: TracingSettings): Promise<void> {
    this.#end();
    if (!settings.enabled) return;
    const { logger } = this.#dependencies;
    try {
      this.#running = await this.#start(settings, this.#dependencies);
      const { endpoint, protocol, samplingRate } = settings;
      logger.info("exporting traces", { endpoint, protocol, sampling_rate: samplingRate });
    } catch (error) {
      logger.error("cannot export traces", { error });
    }
  }

  /** Exports what is left, for a short time, and nothing from then on. */
  async close(): Promise<void> {
    this.#end();
    await Promise.all(this.#ending);
  }

  #end(): void {
    const former = this.#running;
    this.#running = undefined;
    if (!former) return;
    const closed = former.close().finally(() => this.#ending.delete(closed));
    this.#ending.add(closed);
  }
}
