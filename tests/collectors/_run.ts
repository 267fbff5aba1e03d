/**
 * One run of a collector over lists that the test gives.
 *
 * @module
 */
import type {
  Collector,
  CollectorDefinition,
  CollectorResult,
} from "../../src/collectors/collector.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import type { JsonRequest, NetBackupClient } from "../../src/netbackup/api.ts";
import { EndpointSupport } from "../../src/site/endpoint_support.ts";
import { createListReader } from "../../src/site/list_reader.ts";
import { createSessionHolder } from "../../src/site/session.ts";
import {
  createFakeClient,
  type FakeClient,
  statusError,
  unlimited,
} from "../testing/fake_client.ts";
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger, type LogRecord } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { createFakeJobs } from "./_fake_jobs.ts";

/** What is answered by path or by endpoint, or made from the request. */
export type Lists = Readonly<
  Record<string, ListResponse | ((request: JsonRequest) => ListResponse)>
>;

/** Rows, an HTTP status, or a whole body in place of a page. */
export type ListResponse = readonly unknown[] | number | { readonly body: unknown };

/** What a run is made with. */
export interface RunSetup {
  /** API version; 14.0 unless told otherwise. */
  readonly version?: string;
  /** Keys of the collector in the configuration. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Rows on one page, whatever the collector asks for. */
  readonly pageSize?: number;
  /** Whether responses have no `meta`. */
  readonly withoutMeta?: boolean;
  /** How far the primary's clock is ahead, in milliseconds; responses tell no time unless given. */
  readonly skewMs?: number;
  /** What the client takes for the name of its key. */
  readonly apiKeyTag?: string;
}

/** What a run gave, over whatever client. */
export interface ClientRunResult extends CollectorResult {
  readonly records: readonly LogRecord[];
  /** The one value of a metric with these labels. */
  value(metric: string, labels?: Record<string, string>): number | undefined;
  /** How many series a metric has. */
  count(metric: string): number;
  /** All series of a metric as `label=value,…: number`, sorted; without the label `site`. */
  series(metric: string): readonly string[];
}

/** What a run over lists of the test gave. */
export interface RunResult extends ClientRunResult {
  readonly client: FakeClient;
  readonly requests: readonly JsonRequest[];
}

/**
 * Runs a collector once, over a primary that answers each list in pages by offset or by cursor, as it
 * is asked.
 *
 * @throws Error What the collector throws.
 */
export async function runOnce(
  definition: CollectorDefinition,
  lists: Lists,
  setup: RunSetup = {},
): Promise<RunResult> {
  const { version = "14.0", options, pageSize = Infinity, withoutMeta, skewMs, apiKeyTag } = setup;
  const clock = createFakeClock();
  const client = Object.assign(createFakeClient(), { version, apiKeyTag });
  const requests: JsonRequest[] = [];
  client.respond = (request) => {
    requests.push(request);
    if (skewMs !== undefined) {
      client.serverTime = { serverMs: clock.now() + skewMs, monotonicMs: clock.monotonic() };
    }
    const list = lists[request.path ?? request.endpoint] ?? lists[request.endpoint] ?? 404;
    const rows = typeof list === "function" ? list(request) : list;
    if (typeof rows === "number") throw statusError(rows, request.endpoint);
    if ("body" in rows) return rows.body;
    const page = pageOf(rows, request, pageSize);
    return withoutMeta ? { data: page.data } : page;
  };
  return { ...await runWith(definition, client, clock, options), client, requests };
}

/**
 * Runs a collector once, over a client. One that lives on finished jobs is told of five backups of
 * `app01.example.com`, the last of which has failed.
 *
 * @throws Error What the collector throws.
 */
export async function runWith(
  definition: CollectorDefinition,
  client: NetBackupClient,
  clock: FakeClock,
  options: Readonly<Record<string, unknown>> = {},
): Promise<ClientRunResult> {
  const collector = definition.create({
    site: "a",
    primary: "https://a.example.com",
    options: Object.assign(newTreeMap(), options),
    state: undefined,
  });
  const jobs = await createFakeJobs();
  collector.follow?.(jobs);
  for (const status of [0, 0, 0, 0, 6]) {
    jobs.end({ client: "app01.example.com", endMs: clock.now(), status });
  }
  return await collectWith(collector, client, clock);
}

/**
 * Has a collector collect once, over a client.
 *
 * @throws Error What the collector throws.
 */
export async function collectWith(
  collector: Collector,
  client: NetBackupClient,
  clock: FakeClock,
): Promise<ClientRunResult> {
  return await createRuns(client, clock)(collector);
}

/**
 * Makes what has a collector collect over a client, with one session for all runs.
 *
 * @param recording Gets what is logged.
 * @returns Runs a collector once; throws what the collector throws.
 */
export function createRuns(
  client: NetBackupClient,
  clock: FakeClock,
  { logger, records } = createRecordingLogger(),
): (collector: Collector) => Promise<ClientRunResult> {
  const session = createSessionHolder({
    site: "a",
    client,
    clock,
    logger,
    configuredVersion: undefined,
    pollIntervalMs: 60_000,
  });
  const support = new EndpointSupport(() => clock.monotonic());
  return async (collector) => {
    const request = unlimited();
    const result = await collector.collect({
      site: "a",
      session: await session.ensure(request),
      request,
      lists: createListReader({ site: "a", session, support, request }),
      clock,
      logger,
      windowMs: 60_000,
    });
    const families = [...result.families, ...result.cumulative];
    return {
      ...result,
      records,
      value: (metric, labels) => valueOf(families, metric, labels),
      count: (metric) => seriesCount(families, metric),
      series: (metric) => seriesOf(families, metric),
    };
  };
}

/** All series of a metric as `label=value,…: number`, sorted; without the label `site`. */
export function seriesOf(families: readonly MetricFamily[], metric: string): readonly string[] {
  return families.filter(({ definition }) => definition.name === metric)
    .flatMap(({ samples }) => samples)
    .map(({ labels: { site: _site, ...labels }, value }) =>
      `${Object.entries(labels).map((entry) => entry.join("=")).join(",")}: ${value}`
    )
    .sort();
}

/** The page that a request asks for, by offset or by cursor. */
export function pageOf(
  rows: readonly unknown[],
  { query = {} }: JsonRequest,
  pageSize: number,
): { readonly data: readonly unknown[] } & Readonly<Record<string, unknown>> {
  const limit = Math.min(Number(query["page[limit]"] ?? Infinity), pageSize);
  if ("page[offset]" in query) {
    const offset = Number(query["page[offset]"]);
    const data = rows.slice(offset, offset + limit);
    return { data, meta: { pagination: { count: rows.length, offset, limit } } };
  }
  const start = Number(query["page[after]"] ?? 0);
  const end = start + limit;
  return {
    data: rows.slice(start, end),
    meta: { pagination: { limit, ...(end < rows.length && { next: String(end) }) } },
  };
}
