/**
 * How many jobs there are (`POST /admin/jobs-count-requests`, the vendor's admin.yaml; documented in
 * 10.3, 10.5, 11.0 and 11.2): a read, although it is a POST.
 *
 * @module
 */
import * as v from "valibot";
import type { ApiSession, RequestContext } from "../api.ts";
import { HttpStatusError, UnexpectedBodyError } from "../errors.ts";

/** Path of the job count. */
export const JOB_COUNT_ENDPOINT = "/admin/jobs-count-requests";

/** What the 10.3 document declares for this operation alone; later ones declare their own version. */
const FIRST_VERSION = "6.0";

const responseSchema = v.object({
  data: v.object({ attributes: v.object({ count: v.pipe(v.number(), v.integer()) }) }),
});

/** Statuses of a version or a media type that the primary does not speak. */
const OTHER_VERSION: ReadonlySet<number> = new Set([406, 415]);

/**
 * Asks how many jobs match a filter. Permissions on single jobs, which bound what the list shows, do
 * not bound the count.
 *
 * @param filter See `filters.ts`. Of the times, `startTime` and `endTime` are allowed in it.
 * @throws UnexpectedBodyError When the response has no count.
 * @throws NetBackupError What the client throws.
 */
export async function countJobs(
  session: ApiSession,
  filter: string,
  context: RequestContext,
): Promise<number> {
  try {
    return await ask(session, filter, context);
  } catch (error) {
    if (!(error instanceof HttpStatusError) || !OTHER_VERSION.has(error.status)) throw error;
    return await ask({ ...session, version: FIRST_VERSION }, filter, context);
  }
}

/** The body of the request. */
export function jobCountRequest(filter: string): unknown {
  return { data: { type: "jobCount", attributes: { filter } } };
}

async function ask(
  { client, version }: ApiSession,
  filter: string,
  context: RequestContext,
): Promise<number> {
  const json = await client.getJson({
    endpoint: JOB_COUNT_ENDPOINT,
    body: jobCountRequest(filter),
    version,
  }, context);
  const parsed = v.safeParse(responseSchema, json);
  if (parsed.success) return parsed.output.data.attributes.count;
  const place = { site: client.site ?? "", endpoint: JOB_COUNT_ENDPOINT, method: "POST" } as const;
  throw new UnexpectedBodyError(place, "no number of jobs");
}
