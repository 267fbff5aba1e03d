/**
 * The pages of a simulated primary's list of jobs, read by nothing but `fetch` and `JSON.parse`.
 *
 * @module
 */

/** Where the list is, and how to ask for it. */
export interface JobList {
  /** Base URL of the REST API. */
  readonly api: string;
  readonly key: string;
  readonly filter: string;
  readonly sort?: string;
}

/** One page. */
export interface JobPage {
  readonly text: string;
  readonly rows: number;
}

/** Reads one page after the other, to the last. */
export async function* jobPages({ api, key, filter, sort }: JobList): AsyncGenerator<JobPage> {
  const headers = { accept: "application/vnd.netbackup+json;version=14.0", authorization: key };
  const url = new URL(`${api}/admin/jobs`);
  url.searchParams.set("filter", filter);
  url.searchParams.set("page[limit]", "100");
  if (sort !== undefined) url.searchParams.set("sort", sort);
  while (true) {
    const response = await fetch(url, { headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`status ${response.status} instead of a page of jobs`);
    const { data, meta } = JSON.parse(text);
    yield { text, rows: data.length };
    const next = meta.pagination.next;
    if (typeof next !== "string") return;
    url.searchParams.set("page[after]", next);
  }
}
