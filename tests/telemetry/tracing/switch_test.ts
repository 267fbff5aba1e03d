import assert from "node:assert/strict";
import { silentLogger } from "../../testing/silent_logger.ts";
import { noTracing, type Tracing } from "../../../src/telemetry/tracing.ts";
import type { TracingSettings } from "../../../src/telemetry/tracing/settings.ts";
import { TracingSwitch } from "../../../src/telemetry/tracing/switch.ts";
import { createRecordingLogger } from "../../testing/recording_logger.ts";

const BUILD = { version: "1.2.3", commit: "abc" };

const ON: TracingSettings = {
  enabled: true,
  endpoint: "127.0.0.1:4317",
  protocol: "grpc",
  insecure: true,
  samplingRate: 1,
  headers: undefined,
  ca: undefined,
};

/** A switch whose spans go into a list, under the name of the endpoint they went to. */
function setUp() {
  const spans: string[] = [];
  const closed: string[] = [];
  const tracing = new TracingSwitch({ logger: silentLogger, build: BUILD }, (settings) => {
    const own: Tracing = {
      span(name, attributes, work) {
        spans.push(`${settings.endpoint} ${name}`);
        return noTracing.span(name, attributes, work);
      },
    };
    const close = () => Promise.resolve(closed.push(`${settings.endpoint}`)).then(() => {});
    return Promise.resolve({ tracing: own, close });
  });
  const span = (name: string) => tracing.span(name, () => ({}), () => Promise.resolve(name));
  return { tracing, span, spans, closed };
}

Deno.test("TracingSwitch makes spans that go nowhere until it is turned on", async () => {
  const { tracing, span, spans } = setUp();
  assert.equal(await span("a"), "a");
  await tracing.use({ ...ON, enabled: false });
  await span("b");
  assert.deepEqual(spans, []);
});

Deno.test("TracingSwitch.use() hands spans to the new settings and closes the old ones", async () => {
  const { tracing, span, spans, closed } = setUp();
  await tracing.use({ ...ON, endpoint: "one" });
  await span("a");
  await tracing.use({ ...ON, endpoint: "two" });
  await span("b");
  await tracing.use({ ...ON, enabled: false });
  await span("c");
  await tracing.close();
  assert.deepEqual(spans, ["one a", "two b"]);
  assert.deepEqual(closed, ["one", "two"]);
});

Deno.test("TracingSwitch.use() goes on without traces where they cannot be exported", async () => {
  const { logger, records } = createRecordingLogger();
  const tracing = new TracingSwitch(
    { logger, build: BUILD },
    () => Promise.reject(new Error("no memory")),
  );
  await tracing.use(ON);
  assert.equal(await tracing.span("a", () => ({}), () => Promise.resolve(1)), 1);
  assert.deepEqual(records.map(({ level, message }) => [level, message]), [
    ["error", "cannot export traces"],
  ]);
  await tracing.close();
});
