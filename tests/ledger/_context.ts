/**
 * What a poll of the ledger gets in tests.
 *
 * @module
 */
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
