/**
 * What the tests of the client share: a site, a transport that answers from a script, an observer
 * and a tracer that remember.
 *
 * @module
 */
import type { Attributes, Span } from "@opentelemetry/api";
import { Secret } from "../../../src/base/secret.ts";
import type { SiteConfig } from "../../../src/config/types.ts";
import type {
  ApiSession,
  JsonRequest,
  NetBackupClient,
  RequestContext,
  RequestObserver,
} from "../../../src/netbackup/api.ts";
import { type ClientDependencies, createNetBackupClient } from "../../../src/netbackup/client.ts";
import type { Transport, TransportRequest } from "../../../src/netbackup/transport.ts";
import type { Logger } from "../../../src/telemetry/logger.ts";
import { noTracing, type Tracing } from "../../../src/telemetry/tracing.ts";
import { createFakeClock, type FakeClock } from "../../testing/fake_clock.ts";
import { createRecordingLogger, type LogRecord } from "../../testing/recording_logger.ts";
import { siteConfig as defaultSite } from "../../testing/site_config.ts";

/** The API key of the tests. */
export const KEY = "A1uMjmj93mrpsW9qTESTKEY-do_not_show";

/** A site that nothing has to be there for. */
export function siteConfig(change: Partial<SiteConfig> = {}): SiteConfig {
  return defaultSite({ site: "prod", apiKey: new Secret(KEY), ...change });
}

/** A context without an end. */
export function context(change: Partial<RequestContext> = {}): RequestContext {
  return {
    signal: new AbortController().signal,
    deadline: Infinity,
    tracing: noTracing,
    ...change,
  };
}

/** A response in NetBackup's media type. */
export function json(value: unknown, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) {
    headers.set("content-type", "application/vnd.netbackup+json;version=14.0");
  }
  return new Response(JSON.stringify(value), { ...init, headers });
}

/** Answers one request. */
export type Responder = (request: TransportRequest, number: number) => Response | Promise<Response>;

/** A transport that answers as the test says, and remembers. */
export interface FakeTransport extends Transport {
  readonly requests: TransportRequest[];
  readonly closed: number;
}

/** Makes a transport; an aborted request fails at once, as the real ones do. */
function fakeTransport(respond: Responder): FakeTransport {
  const requests: TransportRequest[] = [];
  let closed = 0;
  return {
    requests,
    get closed() {
      return closed;
    },
    async send(request) {
      request.signal.throwIfAborted();
      requests.push(request);
      return await respond(request, requests.length);
    },
    close() {
      closed++;
    },
  };
}

/** Never answers, until it is aborted. */
export function hang(request: TransportRequest): Promise<Response> {
  return new Promise((_resolve, reject) => {
    request.signal.addEventListener("abort", () => reject(request.signal.reason), { once: true });
  });
}

/** What an observer was told. */
export interface Observed extends RequestObserver {
  readonly requests: {
    endpoint: string;
    code: string;
    durationSeconds: number;
    responded: boolean;
  }[];
  readonly retries: string[];
  readonly rejected: { endpoint: string; count: number }[];
}

/** Makes an observer that remembers. */
export function recordingObserver(): Observed {
  const requests: Observed["requests"] = [];
  const retries: string[] = [];
  const rejected: Observed["rejected"] = [];
  return {
    requests,
    retries,
    rejected,
    request: (endpoint, code, durationSeconds, responded) =>
      void requests.push({ endpoint, code, durationSeconds, responded }),
    retry: (endpoint) => void retries.push(endpoint),
    rowsRejected: (endpoint, count) => void rejected.push({ endpoint, count }),
  };
}

/** A span as it was when it ended. */
export interface RecordedSpan {
  readonly name: string;
  readonly attributes: Attributes;
  readonly kind: string;
  readonly events: { readonly name: string; readonly attributes: Attributes }[];
  error: string | undefined;
}

/** Makes a tracing that remembers its spans. */
export function recordingTracing(): { tracing: Tracing; spans: RecordedSpan[] } {
  const spans: RecordedSpan[] = [];
  const tracing: Tracing = {
    async span<T>(
      name: string,
      attributes: () => Attributes,
      work: (span: Span, tracing: Tracing) => Promise<T>,
      kind = "internal",
    ): Promise<T> {
      const record: RecordedSpan = {
        ...{ name, kind, attributes: { ...attributes() }, events: [], error: undefined },
      };
      spans.push(record);
      return await noTracing.span(name, attributes, async (span) => {
        const seen = new Proxy(span, {
          get(target, property) {
            if (property === "setAttribute") {
              return (key: string, value: string) => {
                record.attributes[key] = value;
                return target;
              };
            }
            if (property === "addEvent") {
              return (name: string, attributes: Attributes) => {
                record.events.push({ name, attributes });
                return target;
              };
            }
            return Reflect.get(target, property);
          },
        });
        try {
          return await work(seen, tracing);
        } catch (error) {
          record.error = String(error);
          throw error;
        }
      });
    },
  };
  return { tracing, spans };
}

/** A client with fakes around it. */
export interface ClientSetup {
  readonly client: NetBackupClient;
  readonly transport: FakeTransport;
  readonly clock: FakeClock;
  readonly observer: Observed;
  readonly logger: Logger;
  readonly records: LogRecord[];
}

/** Makes a client over a scripted transport; waits have no jitter. */
export function setUpClient(
  respond: Responder,
  site: Partial<SiteConfig> = {},
  dependencies: Partial<ClientDependencies> = {},
): ClientSetup {
  const transport = fakeTransport(respond);
  const clock = createFakeClock();
  const observer = recordingObserver();
  const { logger, records } = createRecordingLogger();
  const client = createNetBackupClient(siteConfig(site), {
    clock,
    logger,
    observer,
    transport,
    random: () => 0.5,
    exporterVersion: "1.2.3",
    ...dependencies,
  });
  return { client, transport, clock, observer, logger, records };
}

/** A session over a function that answers JSON requests, for tests of what is above the client. */
export function fakeSession(
  respond: (request: JsonRequest) => unknown,
): { session: ApiSession; requests: JsonRequest[]; observer: Observed; records: LogRecord[] } {
  const requests: JsonRequest[] = [];
  const observer = recordingObserver();
  const { logger, records } = createRecordingLogger();
  const unused = () => Promise.reject(new Error("not part of this test"));
  const client: NetBackupClient = {
    site: "prod",
    observer,
    logger,
    // deno-lint-ignore require-await -- a handler that throws must reject
    async getJson(request) {
      requests.push(request);
      return respond(request);
    },
    detectVersion: unused,
    verifyKey: unused,
    close: unused,
  };
  return { session: { client, version: "14.0" }, requests, observer, records };
}

/** Runs a promise that should fail and hands its error back. */
export async function failure<E extends Error>(
  promise: Promise<unknown>,
  kind: abstract new (...args: never[]) => E,
): Promise<E> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
  throw new Error(`Expected ${kind.name}, got the value ${JSON.stringify(value)}`);
}
