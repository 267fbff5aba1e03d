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
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger, type LogRecord } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";

/** Rows of a list; a number is the HTTP status that is answered instead. */
export type Rows = readonly unknown[] | number;

/** Rows by endpoint, or what finds them for a request. */
export type Lists = Readonly<Record<string, Rows | ((request: JsonRequest) => Rows)>>;

/** What a run is made with. */
export interface RunSetup {
  /** API version; 14.0 unless told otherwise. */
  readonly version?: string;
  /** Keys of the collector in the configuration. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Rows on one page, whatever the collector asks for. */
  readonly pageSize?: number;
  /** One of its own unless given. */
  readonly clock?: FakeClock;
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

/** A collector that can be run again and again. */
export interface Runner {
  readonly collector: Collector;
  readonly clock: FakeClock;
  /** Runs it over these lists. */
  run(lists: Lists): Promise<RunResult>;
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
  return await createRunner(definition, setup).run(lists);
}

/** Makes a collector that can be run again and again. */
export function createRunner(
  definition: CollectorDefinition,
  { version = "14.0", options = {}, pageSize = Infinity, clock = createFakeClock() }: RunSetup = {},
): Runner {
  const collector = definition.create({
    site: "a",
    primary: "https://a.example.com",
    options: Object.assign(newTreeMap(), options),
    state: undefined,
  });
  return { collector, clock, run: (lists) => run(collector, lists, { version, pageSize, clock }) };
}

async function run(
  collector: Collector,
  lists: Lists,
  { version, pageSize, clock }: Required<Pick<RunSetup, "version" | "pageSize" | "clock">>,
): Promise<RunResult> {
  const client = createFakeClient();
  const { logger, records } = createRecordingLogger();
  const requests: JsonRequest[] = [];
  client.version = version;
  client.answer = (request) => {
    requests.push(request);
    const given = lists[request.endpoint] ?? 404;
    const rows = typeof given === "function" ? given(request) : given;
    if (typeof rows === "number") throw statusError(rows, request.endpoint);
    return pageOf(rows, request, pageSize);
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
  const result = await collector.collect({
    site: "a",
    session: await session.ensure(request),
    request,
    lists: createListReader({ site: "a", session, support, request }),
    clock,
    logger,
    windowMs: 60_000,
  });
  const { families, cumulative } = result;
  return {
    ...result,
    ...{ client, requests, records },
    value: (metric, labels) => valueOf([...families, ...cumulative], metric, labels),
    count: (metric) => seriesCount(families, metric),
    series: (metric) =>
      families.filter(({ definition }) => definition.name === metric)
        .flatMap(({ samples }) => samples)
        .map(({ labels: { site: _site, ...labels }, value }) =>
          `${Object.entries(labels).map((entry) => entry.join("=")).join(",")}: ${value}`
        )
        .sort(),
  };
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
