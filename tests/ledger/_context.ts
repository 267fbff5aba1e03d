/**
 * What a poll of the ledger gets in tests.
 *
 * @module
 */
import type { Clock } from "../../src/base/clock.ts";
import type { LedgerContext } from "../../src/ledger/context.ts";
import { silentLogger } from "../testing/silent_logger.ts";
import { unlimited } from "../testing/fake_client.ts";
import type { ModelPrimary } from "./_model.ts";

/** A poll of this primary, with a window of an hour, unless something is given instead. */
export function contextOf(
  primary: ModelPrimary,
  overrides: Partial<LedgerContext> = {},
): LedgerContext {
  return {
    site: "a",
    session: { client: primary.client, version: "14.0" },
    request: unlimited(),
    clock: primary.clock(),
    windowMs: 3_600_000,
    primaryTime: () => primary.primaryTime(),
    logger: silentLogger,
    ...overrides,
  };
}

/** A clock by which every time limit is over at once. */
export interface HurriedClock extends Clock {
  /** The limits that were set, in milliseconds. */
  readonly limits: readonly number[];
}

/** Makes a clock like this one that lets nothing take any time. */
export function hurried(clock: Clock): HurriedClock {
  const limits: number[] = [];
  return {
    ...clock,
    limits,
    after(milliseconds, callback) {
      limits.push(milliseconds);
      queueMicrotask(callback);
      return () => {};
    },
  };
}
