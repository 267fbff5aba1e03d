/**
 * The tracing seam: spans are opened where the work is, through a `Tracing` that is passed in and
 * carries its parent span. OpenTelemetry's global tracer and context manager are never used.
 *
 * @module
 */
import {
  type Attributes,
  type Context,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";

/** Opens spans below one parent. */
export interface Tracing {
  /**
   * Runs `work` inside a span, ends the span when it settles and records what it throws.
   *
   * @param name Span name, of low cardinality.
   * @param attributes Attributes of the span. Never a secret.
   * @param work Gets the span and the tracing for spans below it.
   * @returns What `work` returns.
   * @throws What `work` throws.
   */
  span<T>(
    name: string,
    attributes: Attributes,
    work: (span: Span, tracing: Tracing) => Promise<T>,
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
    async span(name, attributes, work) {
      const span = tracer.startSpan(name, { attributes }, parent);
      try {
        return await work(span, createTracing(tracer, trace.setSpan(parent, span)));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        span.setStatus({ code: SpanStatusCode.ERROR, message });
        span.recordException(error instanceof Error ? error : message);
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

/** Spans that go nowhere: a provider without a delegate hands out no-op tracers. */
export const noTracing: Tracing = createTracing(
  new ProxyTracerProvider().getTracer("nbu_exporter"),
);
