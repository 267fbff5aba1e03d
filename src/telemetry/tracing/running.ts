/**
 * A tracing that exports, and what it takes to start one.
 *
 * @module
 */
import type { BuildInfo } from "../../base/build_info.ts";
import type { Logger } from "../logger.ts";
import type { Tracing } from "../tracing.ts";

/** What tracing needs. */
export interface TracingDependencies {
  readonly logger: Logger;
  readonly build: BuildInfo;
}

/** A tracing whose spans are exported. */
export interface RunningTracing {
  readonly tracing: Tracing;
  /** Exports what is left, for a short time. Never throws. */
  close(): Promise<void>;
}
