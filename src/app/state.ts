/**
 * Where the exporter keeps what outlives a restart.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { StateConfig } from "../config/types.ts";
import { openStateDirectory, type StateDirectory } from "../state/directory.ts";
import { StateDirectoryError } from "../state/errors.ts";
import type { Logger } from "../telemetry/logger.ts";

/**
 * Where the unit of the Go exporter can be given a state without being changed: a folder that somebody
 * has made for it. It is never made here, so that a run by hand leaves nothing behind.
 */
const USUAL_STATE_DIRECTORY = "/var/lib/nbu_exporter";

/** What it takes to find and open it. */
export interface StateOptions {
  /** Environment variables: `STATE_DIRECTORY`, which systemd sets for `StateDirectory=`. */
  readonly environment: (name: string) => string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** @default {USUAL_STATE_DIRECTORY} */
  readonly usual?: string;
}

/**
 * Opens the state directory of the configuration, or else the one that systemd names, or else the
 * usual one, if it is there and can be used.
 *
 * @returns Undefined when there is none: counters begin at 0 then.
 * @throws StateDirectoryError When one that is named cannot be used, or another process uses it.
 */
export async function openState(
  { directory: configured }: StateConfig,
  options: StateOptions,
): Promise<StateDirectory | undefined> {
  const { environment, clock, logger, usual = USUAL_STATE_DIRECTORY } = options;
  // Of several directories systemd makes one list.
  const named = configured ?? environment("STATE_DIRECTORY")?.split(":")[0];
  if (named) return await openStateDirectory({ directory: named, clock, logger });
  if (await isDirectory(usual)) {
    try {
      const state = await openStateDirectory({ directory: usual, clock, logger });
      logger.info("no state directory configured: using the default", { directory: usual });
      return state;
    } catch (error) {
      if (!(error instanceof StateDirectoryError)) throw error;
      // Nobody has asked for it, so it is no reason not to start.
      logger.warn("no state directory configured, and the default is unusable", { error });
    }
  }
  logger.info("no state directory configured: counters reset on restart");
  return undefined;
}

async function isDirectory(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
}
