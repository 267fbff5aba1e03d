/**
 * Requests as a client makes them, for the simulator's own tests.
 *
 * @module
 */
import type { Simulator } from "./simulator.ts";

/** A request, all parts optional. */
export interface Ask {
  readonly query?: Readonly<Record<string, string | number>>;
  readonly version?: string;
  /** Sent as it is; null sends none. */
  readonly key?: string | null;
  /** Sent as it is, in place of the media type of `version`; null sends none. */
  readonly accept?: string | null;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A row of a list. */
export interface Row {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A page of a list, or an error body. */
export interface Body {
  readonly data: readonly Row[];
  readonly meta: { readonly pagination: Readonly<Record<string, string | number>> };
  readonly links: Readonly<Record<string, { readonly href: string }>>;
  readonly errorCode: number;
  readonly errorMessage: string;
  readonly errorDetails: readonly string[];
}

/** Asks the simulator, without a network. */
export function ask(simulator: Simulator, path: string, options: Ask = {}): Promise<Response> {
  const query = Object.entries(options.query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  const headers = new Headers(options.headers);
  const type = `application/vnd.netbackup+json;version=${options.version ?? "10.0"}`;
  const accept = options.accept === undefined ? type : options.accept;
  const key = options.key === undefined ? "simulator-key" : options.key;
  if (accept !== null) headers.set("accept", accept);
  if (key !== null) headers.set("authorization", key);
  if (options.body !== undefined) headers.set("content-type", type);
  const url = `http://primary.example.com/netbackup${path}${query ? `?${query}` : ""}`;
  return simulator.fetch(
    new Request(url, {
      method: options.method ?? "GET",
      headers,
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    }),
  );
}

/** Asks for JSON. */
export async function askJson(
  simulator: Simulator,
  path: string,
  options: Ask = {},
): Promise<{ readonly status: number; readonly body: Body }> {
  const response = await ask(simulator, path, options);
  return { status: response.status, body: await response.json() };
}

/** Reads every page of the job list by its cursors. */
export async function readJobs(
  simulator: Simulator,
  query: Readonly<Record<string, string | number>> = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | number | undefined;
  do {
    const { status, body } = await askJson(simulator, "/admin/jobs", {
      query: { ...query, ...(after !== undefined && { "page[after]": after }) },
    });
    if (status !== 200) throw new Error(`${status}: ${body.errorDetails}`);
    rows.push(...body.data);
    after = body.meta.pagination["next"];
  } while (after !== undefined);
  return rows;
}
