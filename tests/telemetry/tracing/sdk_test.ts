import assert from "node:assert/strict";
import { Secret } from "../../../src/base/secret.ts";
import { silentLogger } from "../../testing/silent_logger.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { startSdk } from "../../../src/telemetry/tracing/sdk.ts";
import type { SpanSender } from "../../../src/telemetry/tracing/sender.ts";
import type { TracingSettings } from "../../../src/telemetry/tracing/settings.ts";
import { traceParentOf } from "../../../src/telemetry/tracing.ts";
import { pkiTest } from "../../server/web_config/_pki.ts";
import { createFakeClock } from "../../testing/fake_clock.ts";
import { createRecordingLogger } from "../../testing/recording_logger.ts";
import { startReceiver, withReceiver } from "./_receiver.ts";

const BUILD = { version: "1.2.3", commit: "abc" };

function settings(changes: Partial<TracingSettings>): TracingSettings {
  return {
    enabled: true,
    endpoint: undefined,
    protocol: "grpc",
    insecure: true,
    samplingRate: 1,
    headers: undefined,
    ca: undefined,
    ...changes,
  };
}

for (const protocol of ["grpc", "http/protobuf"] as const) {
  Deno.test(`startSdk() exports spans over ${protocol}`, async () => {
    await withReceiver(protocol, async (receiver) => {
      const running = startSdk(
        settings({
          ...{ protocol, endpoint: `127.0.0.1:${receiver.port}` },
          headers: new Secret("x-token=s3cret"),
        }),
        { logger: silentLogger, build: BUILD },
      );
      let traceparent: string | undefined;
      const failed = running.tracing.span(
        "parent",
        () => ({ "nbu.site": "a" }),
        async (_span, inner) => {
          await inner.span("child", () => ({ n: 1 }), (span) => {
            traceparent = traceParentOf(span);
            span.addEvent("retry");
            return Promise.resolve();
          }, "client");
          throw new Error("broken");
        },
      );
      await assert.rejects(failed, /broken/);
      await running.close();
      const [child, parent] = receiver.spans;
      assert.equal(receiver.spans.length, 2);
      assert.equal(child?.name, "child");
      assert.equal(child?.kind, 3);
      assert.deepEqual(child?.attributes, { n: 1 });
      assert.deepEqual(child?.events, ["retry"]);
      assert.equal(child?.status, 0);
      assert.equal(child?.parentSpanId, parent?.spanId);
      assert.equal(child?.traceId, parent?.traceId);
      assert.equal(traceparent, `00-${child?.traceId}-${child?.spanId}-01`);
      assert.equal(parent?.name, "parent");
      assert.equal(parent?.kind, 1);
      assert.equal(parent?.parentSpanId, "");
      assert.equal(parent?.status, 2);
      assert.deepEqual(parent?.events, ["exception"]);
      assert.equal(receiver.resource["service.name"], "nbu_exporter");
      assert.equal(receiver.resource["service.version"], "1.2.3");
      assert.equal(receiver.headers["x-token"], "s3cret");
    });
  });

  Deno.test(`startSdk() over ${protocol} drops spans for a dead receiver and says so once`, async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const endpoint = `127.0.0.1:${listener.addr.port}`;
    listener.close();
    const { logger, records } = createRecordingLogger();
    const running = startSdk(settings({ protocol, endpoint }), { logger, build: BUILD });
    for (let n = 0; n < 5000; n++) {
      await running.tracing.span("lost", () => ({}), () => Promise.resolve());
    }
    await running.close();
    const warnings = records.filter(({ level }) => level === "warn");
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]?.message ?? "", /cannot export traces: dropping spans/);
  });

  Deno.test(`startSdk() over ${protocol} waits for no silent receiver at the end`, async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const connections: Deno.Conn[] = [];
    const accepting = (async () => {
      for await (const connection of listener) connections.push(connection);
    })();
    const endpoint = `127.0.0.1:${listener.addr.port}`;
    const { logger, records } = createRecordingLogger();
    const running = startSdk(settings({ protocol, endpoint }), { logger, build: BUILD });
    await running.tracing.span("unheard", () => ({}), () => Promise.resolve());
    await running.close();
    // The export was cut short: had it come to the end of its time, the log would say so.
    assert.deepEqual(records, []);
    for (const connection of connections) connection.close();
    listener.close();
    await accepting;
  });

  pkiTest(`startSdk() over ${protocol} trusts the CA it is given, and no other`, async (pki) => {
    const tls = {
      cert: await Deno.readTextFile(pki.serverCertFile),
      key: await Deno.readTextFile(pki.serverKeyFile),
    };
    const receiver = await startReceiver(protocol, tls);
    try {
      const ca = await Deno.readTextFile(pki.caFile);
      for (const [trusted, expected] of [[undefined, 0], [ca, 1]] as const) {
        const endpoint = `localhost:${receiver.port}`;
        const running = startSdk(settings({ protocol, endpoint, insecure: false, ca: trusted }), {
          ...{ logger: silentLogger, build: BUILD },
        });
        await running.tracing.span("secret", () => ({}), () => Promise.resolve());
        await running.close();
        assert.equal(receiver.spans.length, expected);
      }
    } finally {
      await receiver.close();
    }
  });
}

Deno.test("startSdk() samples whole traces", async () => {
  await withReceiver("http/protobuf", async (receiver) => {
    const running = startSdk(
      settings({
        ...{ protocol: "http/protobuf", endpoint: `127.0.0.1:${receiver.port}` },
        samplingRate: 0.5,
      }),
      { logger: silentLogger, build: BUILD },
    );
    for (let n = 0; n < 200; n++) {
      await running.tracing.span(
        "root",
        () => ({}),
        (_span, inner) => inner.span("child", () => ({}), () => Promise.resolve()),
      );
    }
    await running.close();
    const count = (name: string) => receiver.spans.filter((span) => span.name === name).length;
    assert.equal(count("root"), count("child"));
    // Outside of these bounds once in more than ten million runs.
    assert.ok(count("root") > 60 && count("root") < 140, `${count("root")}`);
  });
});

Deno.test("startSdk() tells when a receiver takes spans again", async () => {
  let status = 503;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(null, { status }),
  );
  const { logger, records } = createRecordingLogger();
  const { OtlpExporter } = await import("../../../src/telemetry/tracing/exporter.ts");
  const { createHttpSender } = await import("../../../src/telemetry/tracing/http_sender.ts");
  const sender = createHttpSender(settings({ endpoint: `127.0.0.1:${server.addr.port}` }));
  const exporter = new OtlpExporter({ sender, logger, clock: systemClock, timeoutMs: 60_000 });
  const send = () => new Promise((resolve) => exporter.export([], resolve));
  await send();
  await send();
  status = 200;
  await send();
  assert.deepEqual(records.map(({ level, fields }) => [level, fields.reason]), [
    ["warn", "the receiver responded with status 503"],
    ["info", undefined],
  ]);
  await exporter.shutdown();
  await server.shutdown();
});

Deno.test("OtlpExporter gives up on a receiver that does not respond, and leaves no timer behind", async () => {
  const { OtlpExporter } = await import("../../../src/telemetry/tracing/exporter.ts");
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  const sender: SpanSender = {
    send: (_body, signal) => clock.sleep(Infinity, signal),
    close: () => {},
  };
  const exporter = new OtlpExporter({ sender, logger, clock, timeoutMs: 5_000 });
  const exported = new Promise((resolve) => exporter.export([], resolve));
  await clock.advance(5_000);
  await exported;
  assert.deepEqual(records.map(({ fields }) => fields.reason), ["no response in time"]);
  assert.equal(clock.pending, 0);
});
