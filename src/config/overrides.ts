/**
 * Settings of the command line, which win over those of the configuration file.
 *
 * @module
 */
import type { LogLevel } from "../base/log_level.ts";
import type { Config, LoadedConfig } from "./types.ts";

/** What the command line says; undefined where it says nothing. */
export interface ConfigOverrides {
  /** Address to listen on. */
  readonly listen?: { readonly host: string; readonly port: number } | undefined;
  /** Path of the metrics page. */
  readonly metricsPath?: string | undefined;
  readonly logLevel?: LogLevel | undefined;
  readonly logFormat?: Config["logging"]["format"] | undefined;
}

/** The configuration with what the command line says put in, at a start and at each reload alike. */
export function overrideConfig(loaded: LoadedConfig, overrides: ConfigOverrides): LoadedConfig {
  const { server, logging } = loaded.config;
  const { listen, metricsPath, logLevel, logFormat } = overrides;
  return Object.freeze({
    ...loaded,
    config: Object.freeze({
      ...loaded.config,
      server: Object.freeze({ ...server, ...listen, uri: metricsPath ?? server.uri }),
      logging: Object.freeze({
        level: logLevel ?? logging.level,
        format: logFormat ?? logging.format,
      }),
    }),
  });
}
