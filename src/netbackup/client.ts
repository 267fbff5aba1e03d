/**
 * The HTTP client of one NetBackup primary.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { startDeadline } from "../base/deadline.ts";
import { createRedactor } from "../base/redactor.ts";
import type { SiteConfig } from "../config/types.ts";
import type { Span } from "@opentelemetry/api";
import type { Logger } from "../telemetry/logger.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type {
  JsonRequest,
  NetBackupClient,
  Query,
  RequestContext,
  RequestObserver,
} from "./api.ts";
import { apiKeyTag, usableKey } from "./api_key.ts";
import { MAX_BODY_BYTES, parseJson } from "./body.ts";
import { BodyBuffers } from "./body_buffers.ts";
import { detectVersion } from "./detect_version.ts";
import { type Environment, processEnvironment, usesProxy } from "./environment_proxy.ts";
import {
  BudgetExceededError,
  errorLogFields,
  type ErrorPlace,
  HttpStatusError,
  RequestTimeoutError,
} from "./errors.ts";
import { exchange, type ReceivedResponse } from "./exchange.ts";
import { createInFlight } from "./in_flight.ts";
import { withRetry } from "./retry/retry.ts";
import { createRetryAfterGate, type RetryAfterGate } from "./retry/retry_after_gate.ts";
import { networkError } from "./send.ts";
import { createSemaphore } from "./semaphore.ts";
import { createServerTimeRecorder } from "./server_time.ts";
import { requestAttributes } from "./span_attributes.ts";
import type { Transport } from "./transport.ts";
import { createTransport } from "./transport_factory.ts";
import { buildUrl } from "./url.ts";
import type { WebCertificate } from "./web_certificate.ts";

/** What a client needs besides its configuration. */
export interface ClientDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: RequestObserver;
  /** Transport to use instead of the one the configuration asks for. The client closes it. */
  readonly transport?: Transport;
  /** Source of jitter, from 0 to below 1. */
  readonly random?: () => number;
  /** Log bodies of responses at info level (`--trace`); never headers, never credentials. */
  readonly logBodies?: boolean;
  /** Largest body of a response, in bytes. */
  readonly maxBodyBytes?: number;
  /**
   * What bodies are read into; several clients can share them.
   *
   * @default {new BodyBuffers()}
   */
  readonly buffers?: BodyBuffers;
  /**
   * What the primary has said of its load; it outlives the client that was told.
   *
   * @default {createRetryAfterGate()}
   */
  readonly gate?: RetryAfterGate;
  /**
   * Longest wait that a response can ask for, in milliseconds: the polling interval, so that there is
   * at least one request in each.
   *
   * @default {300_000}
   */
  readonly maxRetryAfterMs?: number;
  /**
   * For the proxy that the environment names.
   *
   * @default {processEnvironment}
   */
  readonly environment?: Environment;
  /** Version of the exporter, for `User-Agent`. */
  readonly exporterVersion?: string;
}

/** The usual polling interval. */
const MAX_RETRY_AFTER_MS = 5 * 60 * 1000;

interface Call<T> {
  readonly endpoint: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Query | undefined;
  readonly body?: string;
  readonly interpret: (response: ReceivedResponse) => T;
}

/**
 * Makes the client of a site.
 *
 * @throws ClientConfigError When the key, a certificate or the proxy cannot be used.
 */
export function createNetBackupClient(
  site: SiteConfig,
  dependencies: ClientDependencies,
): NetBackupClient {
  const { clock, observer, random = Math.random, environment = processEnvironment } = dependencies;
  const key = usableKey(site);
  const { redact } = createRedactor([key, ...(site.proxy ? [site.proxy.reveal()] : [])]);
  const logger = dependencies.logger.with({ site: site.site });
  const common = {
    "User-Agent": `nbu_exporter/${dependencies.exporterVersion ?? "dev"}`,
    // Keeps the runtime from asking for compression, and from expanding what is compressed.
    "Accept-Encoding": "identity",
  };
  const transport = dependencies.transport ?? createTransport(site);
  const slots = createSemaphore(site.maxConcurrentRequests);
  const inFlight = createInFlight(site.site, clock);
  const gate = dependencies.gate ?? createRetryAfterGate(clock);
  const serverTime = createServerTimeRecorder();
  const exchanges = {
    transport,
    clock,
    logger,
    observer,
    redact,
    timeoutMs: site.timeoutMs,
    maxBodyBytes: dependencies.maxBodyBytes ?? MAX_BODY_BYTES,
    buffers: dependencies.buffers ?? new BodyBuffers(),
    logBodies: dependencies.logBodies ?? false,
    serverTime,
    path: { scheme: site.scheme, proxied: usesProxy(site, environment, logger) },
    maxRetryAfterMs: dependencies.maxRetryAfterMs ?? MAX_RETRY_AFTER_MS,
  };

  /** The last request that ended did so well, or none has ended. */
  let worked = true;

  function placeOf(endpoint: string, body: unknown): ErrorPlace {
    return { site: site.site, endpoint, ...(body !== undefined && { method: "POST" }) };
  }

  function perform<T>(call: Call<T>, context: RequestContext): Promise<T> {
    const { endpoint, url, headers, body, interpret } = call;
    const { deadline } = context;
    const place = placeOf(endpoint, body);
    const run = (signal: AbortSignal, span: Span, tracing: Tracing) => {
      const attempt = async (number: number) => {
        const release = await slots.acquire(signal);
        try {
          await gate.wait(place, deadline, signal, inFlight.closing);
          if (clock.monotonic() >= deadline) throw new BudgetExceededError(place);
          const request = { place, url, headers, body, attempt: number };
          const result = await exchange(exchanges, request, { signal, tracing }, interpret);
          worked = true;
          return result;
        } catch (error) {
          gate.note(error);
          throw error;
        } finally {
          release();
        }
      };
      return withRetry(attempt, {
        config: site.retry,
        clock,
        random,
        signal,
        closing: inFlight.closing,
        deadline,
        onRetry(error, retry, waitMs) {
          observer.retry(endpoint);
          span.addEvent("retry", {
            "nbu.retry": retry,
            "nbu.wait_ms": waitMs,
            "error.type": error.reason,
          });
          // The first failure is worth a line at once: until all attempts have failed, minutes go by.
          const level = worked ? "warn" : "debug";
          worked = false;
          logger[level]("request failed: retrying", {
            ...errorLogFields(error),
            retry,
            wait_seconds: Math.round(waitMs / 100) / 10,
          });
        },
      });
    };
    const attributes = () => requestAttributes(place, call.query);
    return inFlight.run(
      place,
      context.signal,
      (signal) =>
        context.tracing.span("nbu.request", attributes, (span, inner) => run(signal, span, inner)),
    );
  }

  const requests = {
    ping(context: RequestContext): Promise<Headers> {
      return perform({
        endpoint: "/ping",
        url: buildUrl(site.baseUrl, "/ping"),
        // Responds with text, needs no key, and so is given none.
        headers: { "Accept": "*/*", ...common },
        interpret: (response) => response.headers,
      }, context);
    },
    getJson(request: JsonRequest, context: RequestContext): Promise<unknown> {
      const { endpoint, path = endpoint, query, headers, body, version, onBody } = request;
      const place = placeOf(endpoint, body);
      const mediaType = `application/vnd.netbackup+json;version=${version}`;
      return perform({
        endpoint,
        url: buildUrl(site.baseUrl, path, query),
        query,
        headers: {
          ...headers,
          "Accept": mediaType,
          "Authorization": key,
          // Where both are sent, they must match (Getting Started guide).
          ...(body === undefined ? {} : { "Content-Type": mediaType }),
          ...common,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        interpret: ({ text, contentType }) => {
          onBody?.(text.length);
          return parseJson(text, contentType, place, redact);
        },
      }, context);
    },
  };

  async function readCertificate(aborted: AbortSignal): Promise<WebCertificate | undefined> {
    // A proxy's connection ends at the proxy.
    if (!transport.webCertificate || exchanges.path.proxied) return undefined;
    const place = { site: site.site, endpoint: "/" };
    const { timeoutMs } = site;
    return await inFlight.run(place, aborted, async (signal) => {
      const reason = () => new RequestTimeoutError(place, timeoutMs);
      using limit = startDeadline({ clock, milliseconds: timeoutMs, reason, signals: [signal] });
      try {
        return await transport.webCertificate?.(limit.signal);
      } catch (error) {
        throw limit.signal.aborted ? limit.signal.reason : networkError(place, error, exchanges);
      }
    });
  }

  return {
    site: site.site,
    maxConcurrentRequests: site.maxConcurrentRequests,
    observer,
    logger,
    apiKeyTag: apiKeyTag(key),
    get serverTime() {
      return serverTime.latest;
    },
    getJson: requests.getJson,
    webCertificate: (context) => readCertificate(context.signal),
    detectVersion: (context) => detectVersion(requests, logger, context),
    async verifyKey(version, context) {
      try {
        await requests.getJson({ endpoint: "/authorization-context", version }, context);
        return true;
      } catch (error) {
        if (error instanceof HttpStatusError && error.status === 401) return false;
        throw error;
      }
    },
    async close(options) {
      const result = await inFlight.drain(options);
      await transport.close();
      return result;
    },
  };
}
