/**
 * Asks NetBackup for the texts of status codes, without holding up a poll.
 *
 * @module
 */
import { fetchStatusMessage } from "../netbackup/resources/status_codes.ts";
import type { LedgerContext } from "./context.ts";
import type { StatusTexts } from "./status_texts.ts";
import { withTimeLimit } from "./time_limit.ts";

/** Polls without lookups after one that failed. */
const PAUSE_POLLS = 12;

/** Time that a poll waits for texts, retries included, in milliseconds. */
const MAX_LOOKUP_MS = 5000;

/** Looks up texts, a few per poll. */
export class StatusLookups {
  #pause = 0;

  /** Looks up some of the texts that are missing. Never throws: a text is not worth the jobs read. */
  async run(
    texts: StatusTexts,
    { session, request, clock, logger }: LedgerContext,
  ): Promise<void> {
    if (this.#pause-- > 0) return;
    this.#pause = PAUSE_POLLS;
    try {
      await withTimeLimit(
        clock,
        request,
        MAX_LOOKUP_MS,
        (inner) => texts.learn((status) => fetchStatusMessage(session, status, inner)),
      );
      this.#pause = 0;
    } catch (error) {
      logger.debug("cannot look up the text of a status code", { error });
    }
  }
}
