import assert from "node:assert/strict";
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { createTracing, noTracing } from "../../src/telemetry/tracing.ts";

interface RecordedSpan {
  readonly name: string;
  readonly attributes: Attributes | undefined;
  readonly parent: Span | undefined;
  readonly span: Span;
  ended: number;
  readonly statuses: unknown[];
  readonly exceptions: unknown[];
}

/** A tracer that keeps what its spans are told. */
function recordingTracer(): { tracer: Tracer; spans: RecordedSpan[] } {
  const spans: RecordedSpan[] = [];
  const startSpan = (name: string, options?: SpanOptions, context?: Context): Span => {
    const span: Span = {
      spanContext: () => ({ traceId: "1".repeat(32), spanId: "1".repeat(16), traceFlags: 1 }),
      setAttribute: () => span,
      setAttributes: () => span,
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      updateName: () => span,
      isRecording: () => true,
      setStatus(status) {
        record.statuses.push(status);
        return span;
      },
      recordException(exception) {
        record.exceptions.push(exception);
      },
      end() {
        record.ended += 1;
      },
    };
    const parent = context ? trace.getSpan(context) : undefined;
    const record: RecordedSpan = {
      ...{ name, attributes: options?.attributes, parent, span },
      ...{ ended: 0, statuses: [], exceptions: [] },
    };
    spans.push(record);
    return span;
  };
  const startActiveSpan = () => {
    throw new Error("Active spans need the global context manager");
  };
  return { tracer: { startSpan, startActiveSpan }, spans };
}

Deno.test("createTracing() opens a span around the work and ends it", async () => {
  const { tracer, spans } = recordingTracer();
  const result = await createTracing(tracer).span("collect", () => ({ site: "a" }), (span) => {
    assert.equal(span, spans[0]?.span);
    assert.equal(spans[0]?.ended, 0);
    return Promise.resolve(42);
  });
  assert.equal(result, 42);
  assert.deepEqual(
    spans.map(({ name, attributes, ended, statuses }) => [
      ...[name, attributes, ended, statuses],
    ]),
    [["collect", { site: "a" }, 1, []]],
  );
});

Deno.test("createTracing() makes spans below spans, and siblings beside each other", async () => {
  const { tracer, spans } = recordingTracer();
  await createTracing(tracer).span("parent", () => ({}), async (_span, tracing) => {
    await Promise.all([
      tracing.span("first", () => ({}), async (_first, below) => {
        await below.span("grandchild", () => ({}), () => Promise.resolve());
      }),
      tracing.span("second", () => ({}), () => Promise.resolve()),
    ]);
  });
  const byName = new Map(spans.map((span) => [span.name, span]));
  const parentOf = (name: string) =>
    spans.find(({ span }) => span === byName.get(name)?.parent)?.name;
  assert.deepEqual(["parent", "first", "second", "grandchild"].map(parentOf), [
    undefined,
    "parent",
    "parent",
    "first",
  ]);
});

Deno.test("createTracing() begins below the context it is given", async () => {
  const { tracer, spans } = recordingTracer();
  const outer = tracer.startSpan("outer");
  const tracing = createTracing(tracer, trace.setSpan(ROOT_CONTEXT, outer));
  await tracing.span("inner", () => ({}), () => Promise.resolve());
  assert.equal(spans[1]?.parent, outer);
});

Deno.test("createTracing() records what the work throws, ends the span and throws it on", async () => {
  const { tracer, spans } = recordingTracer();
  const error = new TypeError("broken");
  const work = createTracing(tracer).span("work", () => ({}), () => Promise.reject(error));
  await assert.rejects(work, (thrown) => thrown === error);
  assert.deepEqual(spans[0]?.statuses, [{ code: SpanStatusCode.ERROR, message: "broken" }]);
  assert.deepEqual(spans[0]?.exceptions, [error]);
  assert.equal(spans[0]?.ended, 1);
});

Deno.test("createTracing() records what is thrown that is no error", async () => {
  const { tracer, spans } = recordingTracer();
  const work = createTracing(tracer).span("work", () => ({}), () => Promise.reject("text"));
  await assert.rejects(work, (thrown) => thrown === "text");
  assert.deepEqual(spans[0]?.exceptions, ["text"]);
});

Deno.test("noTracing runs the work with spans that record nothing", async () => {
  const recording = await noTracing.span(
    "work",
    () => ({}),
    (span, tracing) =>
      tracing.span(
        "below",
        () => ({}),
        (below) => Promise.resolve([span, below].map((s) => s.isRecording())),
      ),
  );
  assert.deepEqual(recording, [false, false]);
});
