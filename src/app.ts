/**
 * The composition root: wires configuration to sites to server, and owns start, reload, shutdown.
 *
 * @module
 */
import { announce } from "./app/announce.ts";
import { type ConfigFiles, type Loaded, loadFiles } from "./app/load.ts";
import { ownFamilies } from "./app/own_families.ts";
import { healthOf, readinessOf } from "./app/readiness.ts";
import { Reloads, type ReloadTrigger } from "./app/reloads.ts";
import { openServiceManager, type ServiceManager } from "./app/service_manager.ts";
import { openState } from "./app/state.ts";
import { type Clock, systemClock } from "./base/clock.ts";
import { settlesWithin } from "./base/settles_within.ts";
import type { UnhandledErrors } from "./base/unhandled_errors.ts";
import { COLLECTORS } from "./collectors/registry.ts";
import { type ConfigDiff, diffConfig } from "./config/comparison/diff.ts";
import { effectiveConfig } from "./config/comparison/effective.ts";
import { ConfigError } from "./config/errors.ts";
import { type ConfigEnvironment, systemEnvironment } from "./config/load.ts";
import type { ConfigOverrides } from "./config/overrides.ts";
import type { Config } from "./config/types.ts";
import { type ConfigWatcher, watchConfig } from "./config/watch/watch.ts";
import { EventLoopDelay } from "./metrics/event_loop_delay.ts";
import { MetricsPage } from "./metrics/page/page.ts";
import { BodyBuffers } from "./netbackup/body_buffers.ts";
import { createNetBackupClient } from "./netbackup/client.ts";
import { createApp } from "./server/app.ts";
import type { Address, Handler } from "./server/listener.ts";
import { ListenerManager } from "./server/listener_manager.ts";
import type { Lifecycle } from "./server/state.ts";
import { PasswordChecker } from "./server/web_config/password_checker.ts";
import { protect } from "./server/web_config/protect.ts";
import { SiteSet } from "./site/site_set.ts";
import type { StateDirectory } from "./state/directory.ts";
import type { Logger } from "./telemetry/logger.ts";
import { configureLogging, type LoggingHandle } from "./telemetry/logging.ts";
import { TracingSwitch } from "./telemetry/tracing/switch.ts";
import type { BuildInfo } from "./base/build_info.ts";

/** How the exporter is started. */
export interface AppOptions extends ConfigFiles {
  /** Log at debug level whatever the configuration says. */
  readonly debug: boolean;
  /** Log bodies of NetBackup's responses. */
  readonly traceBodies: boolean;
  /** What the command line says in place of the configuration. */
  readonly overrides?: ConfigOverrides;
  readonly build: BuildInfo;
  /** Whether `/-/reload` and `/-/quit` do something. @default {false} */
  readonly enableLifecycle?: boolean;
  readonly clock?: Clock;
  readonly environment?: ConfigEnvironment;
  /** Used where it exists and neither configuration nor systemd names one. */
  readonly defaultStateDirectory?: string;
  /** Counts what nothing in the exporter handled. */
  readonly unhandledErrors?: UnhandledErrors;
}

/** Time for requests in flight and for scrapes at shutdown, in milliseconds: less than 10 s in all. */
const SHUTDOWN_DRAIN_MS = 6500;

/** How long a shutdown waits for a reload, in milliseconds: it may hang in a file system. */
const RELOAD_TIMEOUT_MS = 500;

/** How long a shutdown waits for the last word to the service manager, in milliseconds. */
const SERVICE_MANAGER_TIMEOUT_MS = 200;

/** The running exporter. */
export class App {
  readonly #options: AppOptions;
  readonly #clock: Clock;
  readonly #environment: ConfigEnvironment;
  readonly #logging: LoggingHandle;
  readonly #logger: Logger;
  readonly #page: MetricsPage;
  readonly #sites: SiteSet;
  readonly #eventLoop: EventLoopDelay;
  readonly #passwords: PasswordChecker;
  readonly #serviceManager: ServiceManager;
  readonly #tracing: TracingSwitch;
  #config: Config;
  /** Files the running configuration came from. */
  #files: readonly string[];
  readonly #reloads: Reloads;
  #listener: ListenerManager | undefined;
  #watcher: ConfigWatcher | undefined;
  /** Aborted when the exporter is told to stop: nothing takes effect after that. */
  readonly #stop = new AbortController();
  readonly #startedAt: number;
  readonly #lost = Promise.withResolvers<unknown>();
  readonly #quit = Promise.withResolvers<void>();
  readonly #state: StateDirectory | undefined;

  private constructor(
    state: StateDirectory | undefined,
    serviceManager: ServiceManager,
    options: AppOptions,
    logging: LoggingHandle,
    { config, files }: Loaded,
  ) {
    this.#options = options;
    this.#state = state;
    this.#serviceManager = serviceManager;
    this.#clock = options.clock ?? systemClock;
    this.#environment = options.environment ?? systemEnvironment();
    this.#logging = logging;
    this.#logger = logging.logger;
    this.#tracing = new TracingSwitch({ logger: this.#logger, build: options.build });
    this.#passwords = new PasswordChecker({ clock: this.#clock });
    this.#config = config;
    this.#files = files;
    this.#eventLoop = new EventLoopDelay(this.#clock);
    this.#startedAt = this.#clock.monotonic();
    this.#page = new MetricsPage({
      monotonic: () => this.#clock.monotonic(),
      own: () =>
        ownFamilies({
          build: options.build,
          reloadStatus: this.#reloads.status,
          logging,
          unhandledErrors: options.unhandledErrors,
          listener: this.#listener,
          eventLoop: this.#eventLoop,
          sites: this.#sites,
        }),
    });
    this.#reloads = new Reloads({
      configFile: options.configFile,
      clock: this.#clock,
      logging,
      serviceManager,
      stop: this.#stop.signal,
      load: () => loadFiles(options, this.#environment, this.#stop.signal),
      apply: (loaded) => this.#change(loaded),
      onRefused: (error) => this.#watchFilesOf(error),
      onStatus: () => this.#page.touch(),
      describe: () => this.#describe(),
    });
    const buffers = new BodyBuffers();
    this.#sites = new SiteSet({
      clock: this.#clock,
      logger: this.#logger,
      tracing: this.#tracing,
      publisher: this.#page,
      definitions: COLLECTORS,
      state,
      createClient: (site, dependencies) =>
        createNetBackupClient(site, {
          ...dependencies,
          clock: this.#clock,
          logBodies: options.traceBodies,
          buffers,
          maxRetryAfterMs: this.#config.server.collectionIntervalMs,
          exporterVersion: options.build.version,
        }),
    });
  }

  /**
   * Loads the configuration, listens, and begins to poll.
   *
   * @throws ConfigError When the configuration is bad.
   * @throws ListenError When the port cannot be had.
   * @throws LogFileError When the log file cannot be opened.
   * @throws StateDirectoryError When the state directory cannot be used, or another process uses it.
   */
  static async start(options: AppOptions): Promise<App> {
    const environment = options.environment ?? systemEnvironment();
    const loaded = await loadFiles(options, environment);
    const logging = await configureLogging(loggingOf(loaded.config, options));
    const clock = options.clock ?? systemClock;
    const state = await openState(loaded.config.state, {
      environment: environment.get,
      clock,
      logger: logging.logger,
      ...(options.defaultStateDirectory === undefined
        ? {}
        : { usual: options.defaultStateDirectory }),
    });
    const serviceManager = await openServiceManager({
      environment: environment.get,
      clock,
      logger: logging.logger,
    });
    const app = new App(state, serviceManager, { ...options, clock, environment }, logging, loaded);
    try {
      await app.#begin(loaded);
    } catch (error) {
      await app.shutdown();
      throw error;
    }
    return app;
  }

  /** Address of the exporter's own server; undefined once it is shut down. */
  get address(): Address | undefined {
    return this.#listener?.address;
  }

  /** The reason, when the port is lost for good: the process should end and be started again. */
  get lost(): Promise<unknown> {
    return this.#lost.promise;
  }

  /** Settles when a request to `/-/quit` asks for the end of the process. */
  get quitRequested(): Promise<void> {
    return this.#quit.promise;
  }

  /** The log, for what happens around the exporter. */
  get logger(): Logger {
    return this.#logger;
  }

  /**
   * Loads the configuration again and makes it the running one. A bad one changes nothing.
   *
   * @returns Whether the configuration took effect.
   */
  reload(trigger: ReloadTrigger): Promise<boolean> {
    return this.#reloads.reload(trigger);
  }

  /** Drains and closes everything, within 10 seconds. Never throws. */
  async shutdown(): Promise<void> {
    this.#stop.abort(new DOMException("the exporter is stopping", "AbortError"));
    this.#serviceManager.stopping();
    await settlesWithin(this.#reloads.settled(), RELOAD_TIMEOUT_MS);
    const steps: [string, () => Promise<void> | undefined][] = [
      ["configuration watcher", () => this.#watcher?.close()],
      ["sites", () => this.#sites.close(SHUTDOWN_DRAIN_MS)],
      ["listener", () => this.#listener?.close({ timeoutMs: SHUTDOWN_DRAIN_MS })],
    ];
    await Promise.all(steps.map(async ([what, close]) => {
      try {
        await close();
      } catch (error) {
        this.#logger.error("cannot close", { what, error });
      }
    }));
    // After the sites: their last spans are among what is exported.
    await this.#tracing.close();
    this.#state?.close();
    this.#eventLoop.close();
    this.#page.close();
    await settlesWithin(this.#serviceManager.close(), SERVICE_MANAGER_TIMEOUT_MS);
    this.#logger.info("stopped");
    await this.#logging.close();
  }

  async #begin(loaded: Loaded): Promise<void> {
    const { config, web, files, fingerprints } = loaded;
    const { build, configFile } = this.#options;
    this.#logger.info("starting", {
      version: build.version,
      commit: build.commit,
      config: configFile,
      sites: config.sites.map(({ site }) => site),
    });
    this.#announce(loaded);
    const prepared = this.#sites.prepare(config, undefined);
    const { host, port } = config.server;
    try {
      this.#listener = await ListenerManager.start({
        host,
        port,
        further: this.#options.overrides?.listen?.slice(1),
        tls: web.tls,
        handler: this.#handler(loaded),
        logger: this.#logger,
        onLost: (error) => this.#lost.resolve(error),
      });
    } catch (error) {
      await prepared.discard();
      throw error;
    }
    this.#eventLoop.start();
    this.#page.start();
    await this.#tracing.use(config.opentelemetry);
    prepared.apply();
    this.#watcher = watchConfig({
      files,
      fingerprints,
      logger: this.#logger,
      onTrigger: async ({ reason }) => {
        await this.reload(reason);
      },
    });
    this.#logger.debug("watching files", { files });
    this.#serviceManager.ready(this.#describe());
  }

  /** One line for `systemctl status`. */
  #describe(): string {
    const { sites } = this.#config;
    const outcome = this.#reloads.status.successful
      ? ""
      : "; the last reload was refused, see the log";
    return `${sites.length} ${sites.length === 1 ? "site" : "sites"}${outcome}`;
  }

  /**
   * Makes a loaded configuration the running one, or throws and leaves things as they were.
   *
   * @returns What is different; undefined when the exporter was told to stop meanwhile, and nothing
   *   has changed.
   */
  async #change(loaded: Loaded): Promise<ConfigDiff | undefined> {
    const { config } = loaded;
    const diff = diffConfig(this.#config, config);
    const prepared = this.#sites.prepare(config, diff);
    try {
      await this.#logging.reconfigure(loggingOf(config, this.#options));
      await this.#moveListener(loaded);
      if (this.#stop.signal.aborted) {
        await prepared.discard();
        return undefined;
      }
    } catch (error) {
      await prepared.discard();
      await this.#logging.reconfigure(loggingOf(this.#config, this.#options));
      throw error;
    }
    if (config.state.directory !== this.#config.state.directory) {
      this.#logger.warn("changed state directory takes effect after a restart");
    }
    this.#config = config;
    this.#files = loaded.files;
    if (diff.tracingChanged) await this.#tracing.use(config.opentelemetry);
    prepared.apply();
    this.#watcher?.update(loaded.files, loaded.fingerprints);
    this.#announce(loaded);
    return diff;
  }

  /** A refused configuration may name a file that is missing: making it should be noticed. */
  #watchFilesOf(error: unknown): void {
    if (!(error instanceof ConfigError)) return;
    const files = [...new Set([...this.#files, ...error.files])];
    this.#watcher?.update(files, error.fingerprints);
  }

  async #moveListener(loaded: Loaded): Promise<void> {
    const { host, port } = loaded.config.server;
    // The path of the metrics page may have changed as well; the old one is served until then.
    await this.#listener?.move({ host, port });
    this.#listener?.setTls(loaded.web.tls);
    this.#listener?.setHandler(this.#handler(loaded));
  }

  #announce(loaded: Loaded): void {
    announce(loaded, this.#logging, this.#options.webConfigFile);
  }

  #handler({ config, web }: Loaded): Handler {
    const server = createApp({
      metricsPath: config.server.uri,
      metrics: (format, encoding) => this.#page.body(format, encoding),
      metricsPart: (part, format, encoding) => this.#page.part(part, format, encoding),
      health: () => healthOf(this.#sites.summaries()),
      ready: () => readinessOf(this.#sites.summaries(), this.#clock.monotonic() - this.#startedAt),
      sites: () => this.#sites.summaries(),
      collectorNames: () => this.#sites.collectorNames(),
      configText: () => effectiveConfig(this.#config),
      reloadStatus: () => this.#reloads.status,
      lifecycle: this.#options.enableLifecycle ? this.#lifecycle() : undefined,
      now: () => this.#clock.now(),
      build: this.#options.build,
      logger: this.#logger,
    });
    return protect((request) => server.fetch(request), {
      ...{ config: web, passwords: this.#passwords, clock: this.#clock },
    });
  }

  #lifecycle(): Lifecycle {
    return { reload: () => this.reload("request"), quit: () => this.#quit.resolve() };
  }
}

function loggingOf(config: Config, { debug }: AppOptions) {
  return { ...config.logging, logFile: config.server.logFile, debug };
}
