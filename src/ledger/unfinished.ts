/**
 * Reads the jobs that have not ended, all of them at every poll.
 *
 * @module
 */
import type { RequestContext } from "../netbackup/api.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { jobPages } from "../netbackup/resources/jobs.ts";
import type { LedgerContext } from "./context.ts";
import { endlessList, ListFault } from "./list_fault.ts";
import { NEWEST_UNFINISHED_QUERY, unfinishedQuery } from "./queries.ts";
import { RangeCursors } from "./range_cursors.ts";
import { readRanges } from "./reader.ts";
import { ReadingMode } from "./reading_mode.ts";
import { readWholeList } from "./whole_list.ts";

/** Unfinished jobs beyond which a list is taken to be endless. */
const MAX_UNFINISHED = 200_000;

/** A read of more pages is worth a request more to find out how it can be divided. */
const MIN_LONG_READ_PAGES = 10;

/** A range of fewer ids is not divided. */
const MIN_SPAN = 200;

const placeOf = ({ jobId }: Job) => jobId;
const isUnfinished = ({ state }: Job) => state !== "DONE";

/** Reads unfinished jobs. */
export class UnfinishedJobs {
  readonly #mode = new ReadingMode();

  /**
   * Reads all of them, by id.
   *
   * @param concurrency Ranges of ids read at the same time, while there is much to read.
   * @throws NetBackupError
   */
  async read(
    context: LedgerContext,
    request: RequestContext,
    concurrency: number,
  ): Promise<Map<number, Job>> {
    const unfinished = new Map<number, Job>();
    const apply = (jobs: readonly Job[]) => {
      for (const job of jobs) unfinished.set(job.jobId, job);
      if (unfinished.size > MAX_UNFINISHED) {
        throw endlessList(context.site, `there are more than ${MAX_UNFINISHED} unfinished jobs`);
      }
    };
    if (!this.#mode.whole) {
      try {
        await readInRanges(context, request, concurrency, apply);
        return unfinished;
      } catch (error) {
        if (!(error instanceof ListFault)) throw error;
        this.#mode.enter(error, "unfinished", context.logger);
      }
    }
    unfinished.clear();
    const { sound } = await readWholeList({
      pages: (inner) => jobPages(context.session, NEWEST_UNFINISHED_QUERY, inner),
      placeOf,
      admits: isUnfinished,
      from: 0,
      see: () => {},
      apply,
    }, request);
    if (sound) this.#mode.leave();
    return unfinished;
  }
}

async function readInRanges(
  { site, session }: LedgerContext,
  request: RequestContext,
  concurrency: number,
  apply: (jobs: readonly Job[]) => void,
): Promise<void> {
  let until: number | undefined;
  await readRanges({
    cursors: new RangeCursors({ from: 0, to: undefined }),
    concurrency,
    list: {
      site,
      pages: (range, inner) => jobPages(session, unfinishedQuery(range), inner),
      placeOf,
      admits: isUnfinished,
      unique: true,
    },
    minSpan: MIN_SPAN,
    apply,
    settled: (place) => place,
    divisibleUntil: async (pages, _place, inner) => {
      if (until === undefined && pages >= MIN_LONG_READ_PAGES) {
        until = await highestId(session, inner);
      }
      return until;
    },
  }, request);
}

async function highestId(
  session: LedgerContext["session"],
  request: RequestContext,
): Promise<number | undefined> {
  for await (const { rows } of jobPages(session, NEWEST_UNFINISHED_QUERY, request)) {
    return rows[0] && rows[0].jobId + 1;
  }
  return undefined;
}
