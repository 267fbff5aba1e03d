/**
 * OpenTelemetry's SDK, set up. Only imported when traces are exported: loading it takes time and
 * memory.
 *
 * @module
 */
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { systemClock } from "../../base/clock.ts";
import { settlesWithin } from "../../base/settles_within.ts";
import { createTracing } from "../tracing.ts";
import { OtlpExporter } from "./exporter.ts";
import { createGrpcSender } from "./grpc_sender.ts";
import { createHttpSender } from "./http_sender.ts";
import type { RunningTracing, TracingDependencies } from "./running.ts";
import type { TracingSettings } from "./settings.ts";

/** Spans that wait for their export; more are dropped. */
const MAX_QUEUED_SPANS = 2048;
const MAX_BATCH_SPANS = 512;
/** Time between two exports, in milliseconds. */
const EXPORT_EVERY_MS = 5000;
const EXPORT_TIMEOUT_MS = 5000;
/** How long the last export may take at the end, in milliseconds. */
const FLUSH_TIMEOUT_MS = 1000;
/** Longest value of an attribute, such as an error message, in characters. */
const MAX_VALUE_CHARACTERS = 2048;

/** Starts to export traces. */
export function startSdk(
  settings: TracingSettings,
  { logger, build }: TracingDependencies,
): RunningTracing {
  const sender = settings.protocol === "grpc"
    ? createGrpcSender(settings)
    : createHttpSender(settings);
  const exporter = new OtlpExporter({
    sender,
    logger,
    clock: systemClock,
    timeoutMs: EXPORT_TIMEOUT_MS,
  });
  const resource = resourceFromAttributes({
    "service.name": "nbu_exporter",
    "service.version": build.version,
    "service.instance.id": crypto.randomUUID(),
  });
  const provider = new TracerProvider({
    // OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME win, as everywhere.
    resource: resource.merge(detectResources({ detectors: [envDetector] })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.samplingRate) }),
    spanLimits: { attributeValueLengthLimit: MAX_VALUE_CHARACTERS },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MAX_QUEUED_SPANS,
        maxExportBatchSize: MAX_BATCH_SPANS,
        scheduledDelayMillis: EXPORT_EVERY_MS,
        exportTimeoutMillis: 2 * EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  return {
    tracing: createTracing(provider.getTracer("nbu_exporter", build.version)),
    async close() {
      const closed = provider.shutdown();
      if (!await settlesWithin(closed, FLUSH_TIMEOUT_MS)) await exporter.shutdown();
      // An export that fails at the end is told by the exporter.
      await settlesWithin(closed, FLUSH_TIMEOUT_MS);
    },
  };
}
