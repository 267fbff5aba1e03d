/**
 * The tracing seam: spans are opened where the work is, through a `Tracing` that is passed in and
 * carries its parent span. OpenTelemetry's global tracer and context manager are never used.
 *
 * @module
 */
import {
  type Attributes,
  type Context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { messageOf } from "../base/message_of.ts";

/** Opens spans below one parent. */
export interface Tracing {
  /**
   * Runs `work` inside a span, ends the span when it settles and records what it throws.
   *
   * @param name Span name, of low cardinality.
   * @param attributes Makes the attributes of the span, if it is kept. Never a secret.
   * @param work Gets the span and the tracing for spans below it.
   * @param kind `client` for a request to another program.
   * @returns What `work` returns.
   * @throws What `work` throws.
   */
  span<T>(
    name: string,
    attributes: () => Attributes,
    work: (span: Span, tracing: Tracing) => Promise<T>,
    kind?: "internal" | "client",
  ): Promise<T>;
}

/**
 * Makes a `Tracing` over an OpenTelemetry tracer.
 *
 * @param tracer Where spans come from.
 * @param parent Context whose span is the parent.
 */
export function createTracing(tracer: Tracer, parent: Context = ROOT_CONTEXT): Tracing {
  return {
    async span(name, attributes, work, kind = "internal") {
      const spanKind = kind === "client" ? SpanKind.CLIENT : SpanKind.INTERNAL;
      const span = tracer.startSpan(name, { attributes: attributes(), kind: spanKind }, parent);
      try {
        return await work(span, createTracing(tracer, trace.setSpan(parent, span)));
      } catch (error) {
        const message = messageOf(error);
        span.setStatus({ code: SpanStatusCode.ERROR, message });
        span.recordException(error instanceof Error ? error : message);
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

/**
 * The header by which a server joins a trace (W3C Trace Context).
 *
 * @returns Undefined for a span that goes nowhere.
 */
export function traceParentOf(span: Span): string | undefined {
  const context = span.spanContext();
  if (!isSpanContextValid(context)) return undefined;
  const flags = context.traceFlags.toString(16).padStart(2, "0");
  return `00-${context.traceId}-${context.spanId}-${flags}`;
}

/** The span that stands for all those that go nowhere. */
const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Spans that go nowhere. */
export const noTracing: Tracing = {
  async span(_name, _attributes, work) {
    return await work(NO_SPAN, noTracing);
  },
};
