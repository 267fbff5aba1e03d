/**
 * Settings of the command line, which win over those of the configuration file.
 *
 * @module
 */
import type { LogLevel } from "../base/log_level.ts";
import type { Config, LoadedConfig } from "./types.ts";

/** An address to listen on. */
export interface ListenAddress {
  /** Name or IP address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What the command line says; undefined where it says nothing. */
export interface ConfigOverrides {
  /** Addresses to listen on, each once; the first stands in place of that of the file. */
  readonly listen?: readonly ListenAddress[] | undefined;
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
      server: Object.freeze({ ...server, ...listen?.[0], uri: metricsPath ?? server.uri }),
      logging: Object.freeze({
        level: logLevel ?? logging.level,
        format: logFormat ?? logging.format,
      }),
    }),
  });
}
