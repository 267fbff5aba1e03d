/**
 * The jobs of the activity monitor (`GET /admin/jobs`, the vendor's admin.yaml).
 *
 * @module
 */
import type { ApiSession, Page, RequestContext } from "../api.ts";
import { cursorPages } from "../paging/cursor.ts";
import type { Job } from "./job.ts";
import { jobSchema, plainJob } from "./job_schema.ts";

/** Path of the job list. */
export const JOBS_ENDPOINT = "/admin/jobs";

/** Largest page of jobs the vendor documents, in all releases. */
const JOBS_PER_PAGE = 100;

/** Which jobs, and in what order. */
export interface JobQuery {
  /** Filter expression, see `filters.ts`; the same for every page. */
  readonly filter: string;
  /** Field to sort by, with `-` in front for descending; `-startTime` is NetBackup's default. */
  readonly sort?: string;
}

/**
 * Reads jobs page by page. The list moves while it is read: the same job may come twice.
 *
 * @throws NetBackupError See `cursorPages()`.
 */
export function jobPages(
  session: ApiSession,
  { filter, sort }: JobQuery,
  context: RequestContext,
): AsyncGenerator<Page<Job>, void> {
  return cursorPages(session, {
    endpoint: JOBS_ENDPOINT,
    query: { filter, ...(sort !== undefined && { sort }) },
    limit: JOBS_PER_PAGE,
    schema: jobSchema,
    plain: plainJob,
  }, context);
}
