/**
 * What is known of a primary without asking it anything more.
 *
 * @module
 */
import type { CollectContext } from "./collector.ts";

/** Facts on the primary that a run reads from. */
export interface Primary {
  /**
   * Its present time in milliseconds since the Unix epoch, to the second: what its last response said,
   * and the time that has passed since. Undefined before the first response that told the time.
   */
  readonly timeMs: number | undefined;
  /** The name that NetBackup has for the API key in use; undefined where it is not known. */
  readonly apiKeyTag: string | undefined;
}

/** The facts as they are at the moment at which they are looked at. */
export function primaryOf({ session, clock }: CollectContext): Primary {
  const { client } = session;
  return {
    get timeMs() {
      const last = client.serverTime;
      return last && last.serverMs + clock.monotonic() - last.monotonicMs;
    },
    apiKeyTag: client.apiKeyTag,
  };
}
