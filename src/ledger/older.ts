/**
 * Reads what a longer window needs: jobs that ended within it, but before the time held.
 *
 * @module
 */
import type { RequestContext } from "../netbackup/api.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { jobPages } from "../netbackup/resources/jobs.ts";
import { readByEnd } from "./by_end.ts";
import type { LedgerContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { ListFault } from "./list_fault.ts";
import { isFinished, newestFirstQuery, placeOf } from "./queries.ts";
import { RangeCursors } from "./range_cursors.ts";
import { readWholeList } from "./whole_list.ts";

/** Reads older jobs into a ledger, for the gauges only; a poll goes on where one that failed ended. */
export class OlderJobs {
  readonly #ledger: Ledger;
  #unread: { readonly cursors: RangeCursors; readonly from: number; to: number } | undefined;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /**
   * Reads what the window needs and the ledger does not hold.
   *
   * @param windowStart Begin of the look-back window.
   * @returns Rows read.
   * @throws NetBackupError What was read until then is not read again.
   */
  async read(
    context: LedgerContext,
    request: RequestContext,
    windowStart: number,
    concurrency: number,
  ): Promise<number> {
    const ledger = this.#ledger;
    if (windowStart >= ledger.heldFrom) return 0;
    let rows = 0;
    const apply = (jobs: readonly Job[]) => {
      rows += jobs.length;
      for (const job of jobs) ledger.recollect(job);
    };
    try {
      const cursors = this.#cursors(windowStart);
      await readByEnd(context, request, { cursors, concurrency, apply });
    } catch (error) {
      if (!(error instanceof ListFault)) throw error;
      await readWholeList({
        pages: (inner) =>
          jobPages(context.session, newestFirstQuery("endTime", windowStart), inner),
        placeOf: (job) => placeOf("endTime", job),
        admits: isFinished,
        from: windowStart,
        see: ({ jobId }) => ledger.running.see(jobId),
        apply,
      }, request);
    }
    ledger.hold(windowStart);
    this.#unread = undefined;
    return rows;
  }

  #cursors(windowStart: number): RangeCursors {
    const { heldFrom } = this.#ledger;
    const unread = this.#unread;
    if (!unread || windowStart < unread.from) {
      const cursors = new RangeCursors({ from: windowStart, to: heldFrom });
      this.#unread = { cursors, from: windowStart, to: heldFrom };
      return cursors;
    }
    const { cursors, to } = unread;
    if (heldFrom > to) cursors.add({ from: to, to: heldFrom });
    unread.to = Math.max(to, heldFrom);
    cursors.drop(windowStart);
    return cursors;
  }
}
