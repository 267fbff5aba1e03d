/**
 * One run of a collector over lists that the test gives.
 *
 * @module
 */
import type { CollectorDefinition, CollectorResult } from "../../src/collectors/collector.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import type { JsonRequest } from "../../src/netbackup/api.ts";
import { EndpointSupport } from "../../src/site/endpoint_support.ts";
import { createListReader } from "../../src/site/list_reader.ts";
import { createSessionHolder } from "../../src/site/session.ts";
import {
  createFakeClient,
  type FakeClient,
  statusError,
  unlimited,
} from "../testing/fake_client.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger, type LogRecord } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";

/** Rows; a number is the HTTP status that is answered instead, `body` a whole response. */
export type ListAnswer = readonly unknown[] | number | { readonly body: unknown };

/** What is answered by endpoint, or made from the request. */
export type Lists = Readonly<
  Record<string, ListAnswer | ((request: JsonRequest) => ListAnswer)>
>;

/** What a run is made with. */
export interface RunSetup {
  /** API version; 14.0 unless told otherwise. */
  readonly version?: string;
  /** Keys of the collector in the configuration. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Rows on one page, whatever the collector asks for. */
  readonly pageSize?: number;
}

/** What a run gave. */
export interface RunResult extends CollectorResult {
  readonly client: FakeClient;
  readonly requests: readonly JsonRequest[];
  readonly records: readonly LogRecord[];
  /** The one value of a metric with these labels. */
  value(metric: string, labels?: Record<string, string>): number | undefined;
  /** How many series a metric has. */
  count(metric: string): number;
  /** All series of a metric as `label=value,…: number`, sorted; without the label `site`. */
  series(metric: string): readonly string[];
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
  { version = "14.0", options = {}, pageSize = Infinity }: RunSetup = {},
): Promise<RunResult> {
  const client = createFakeClient();
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  const requests: JsonRequest[] = [];
  client.version = version;
  client.answer = (request) => {
    requests.push(request);
    const list = lists[request.endpoint] ?? 404;
    const answer = typeof list === "function" ? list(request) : list;
    if (typeof answer === "number") throw statusError(answer, request.endpoint);
    return "body" in answer ? answer.body : pageOf(answer, request, pageSize);
  };
  const session = createSessionHolder({
    site: "a",
    client,
    clock,
    logger,
    configuredVersion: undefined,
    pollIntervalMs: 60_000,
  });
  const request = unlimited();
  const support = new EndpointSupport(() => clock.monotonic());
  const collector = definition.create({
    site: "a",
    primary: "https://a.example.com",
    options: Object.assign(newTreeMap(), options),
    state: undefined,
  });
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
    ...{ client, requests, records },
    value: (metric, labels) => valueOf(families, metric, labels),
    count: (metric) => seriesCount(families, metric),
    series: (metric) => seriesOf(families, metric),
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

function pageOf(rows: readonly unknown[], { query = {} }: JsonRequest, pageSize: number): unknown {
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
