import assert from "node:assert/strict";
import { join } from "node:path";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { type ReceivedSpan, type Receiver, withReceiver } from "../telemetry/tracing/_receiver.ts";
import { eventually, type Exporter, freePort, withDirectory, withExporter } from "./harness.ts";

const ROOT = new URL("../..", import.meta.url);
const KEY = "tracing-key";
const TOKEN = "otlp-token-7f3a";

interface World {
  readonly simulator: Simulator;
  readonly primaryPort: number;
  /** `traceparent` headers that reached the primary. */
  readonly traceparents: readonly string[];
}

/** A primary that notes the traces it is asked to join. */
async function withPrimary(body: (world: World) => Promise<void>): Promise<void> {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 3 });
  const traceparents: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const traceparent = request.headers.get("traceparent");
    if (traceparent !== null) traceparents.push(traceparent);
    return simulator.fetch(request);
  });
  try {
    await body({ simulator, primaryPort: server.addr.port, traceparents });
  } finally {
    await server.shutdown();
  }
}

function configOf(
  port: number,
  { primaryPort }: World,
  opentelemetry: Record<string, unknown>,
  retry: Record<string, unknown> = { maxAttempts: 1 },
) {
  return {
    server: { port, host: "127.0.0.1", collectionInterval: "1s", cacheTTL: 0 },
    nbuservers: [{
      ...{ site: "paris", scheme: "http", host: "127.0.0.1", port: primaryPort, apiKey: KEY },
      retry,
    }],
    opentelemetry: { enabled: true, insecure: true, ...opentelemetry },
  };
}

const named = (receiver: Receiver, name: string) =>
  receiver.spans.filter((span) => span.name === name);

/** The span above another one. */
function parentOf(receiver: Receiver, span: ReceivedSpan): ReceivedSpan | undefined {
  return receiver.spans.find(({ spanId }) => spanId === span.parentSpanId);
}

/** Waits for a whole trace of a storage collection, and checks it. */
async function checkTraces(receiver: Receiver, exporter: Exporter, world: World): Promise<void> {
  const collect = await eventually(
    "a collection is exported",
    () =>
      named(receiver, "nbu.collect").find(({ attributes }) =>
        attributes["nbu.collector"] === "storage" &&
        receiver.spans.some((span) =>
          span.kind === 3 && parentOf(receiver, span) !== undefined &&
          span.traceId !== "" && span.attributes["url.template"] === "/storage/storage-units"
        )
      ),
  );
  assert.equal(collect.attributes["nbu.site"], "paris");
  assert.equal(collect.parentSpanId, "");
  const attempt = named(receiver, "GET /storage/storage-units")[0];
  assert.ok(attempt);
  assert.equal(attempt.kind, 3);
  assert.equal(attempt.attributes["http.request.method"], "GET");
  assert.equal(attempt.attributes["http.response.status_code"], 200);
  assert.equal(attempt.attributes["server.port"], world.primaryPort);
  assert.match(String(attempt.attributes["url.full"]), /\/netbackup\/storage\/storage-units$/);
  const request = parentOf(receiver, attempt);
  assert.equal(request?.name, "nbu.request");
  const root = request && parentOf(receiver, request);
  assert.equal(root?.name, "nbu.collect");
  assert.equal(attempt.traceId, root?.traceId);
  assert.ok(world.traceparents.includes(`00-${attempt.traceId}-${attempt.spanId}-01`));
  assert.equal(receiver.resource["service.name"], "nbu_exporter");
  const seen = JSON.stringify([receiver.spans, receiver.resource]);
  assert.ok(!seen.includes(KEY) && !exporter.log().includes(TOKEN));
}

for (const protocol of ["grpc", "http/protobuf"] as const) {
  Deno.test(`the exporter sends traces of its collections over ${protocol}`, async () => {
    await withPrimary((world) =>
      withReceiver(protocol, async (receiver) => {
        const config = configOf(freePort(), world, {
          ...{ protocol, endpoint: `127.0.0.1:${receiver.port}` },
          headers: `authorization=Bearer%20${TOKEN}`,
        });
        await withExporter({ config }, async (exporter) => {
          await checkTraces(receiver, exporter, world);
          assert.equal(receiver.headers["authorization"], `Bearer ${TOKEN}`);
          assert.doesNotMatch(exporter.log(), /has no effect/);
        });
      })
    );
  });

  Deno.test(`debug variables print no header of traces sent over ${protocol}`, async () => {
    await withPrimary((world) =>
      withReceiver(protocol, async (receiver) => {
        const config = configOf(freePort(), world, {
          ...{ protocol, endpoint: `127.0.0.1:${receiver.port}` },
          headers: `authorization=Bearer%20${TOKEN}`,
        });
        const env = {
          NODE_DEBUG: "*",
          GRPC_TRACE: "all",
          GRPC_VERBOSITY: "DEBUG",
          DENO_LOG: "trace",
        };
        await withExporter({ config, env }, async (exporter) => {
          await checkTraces(receiver, exporter, world);
          await exporter.stop();
          assert.ok(exporter.log().length > 100_000, "there was something to look through");
          const at = exporter.log().indexOf(TOKEN);
          assert.equal(at, -1, exporter.log().slice(Math.max(0, at - 500), at));
        });
      })
    );
  });

  Deno.test(`the bundle sends traces over ${protocol}, with no package at hand`, async () => {
    await withDirectory(async (directory) => {
      const program = join(directory, "nbu_exporter.js");
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "bundle", "--output", program],
        cwd: ROOT,
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      await withPrimary((world) =>
        withReceiver(protocol, async (receiver) => {
          const endpoint = `127.0.0.1:${receiver.port}`;
          const config = configOf(freePort(), world, { protocol, endpoint });
          const env = { DENO_DIR: join(directory, "empty") };
          await withExporter({ config, program, env }, async (exporter) => {
            await checkTraces(receiver, exporter, world);
          });
        })
      );
    });
  });
}

Deno.test("a retry is an event of the request, and the attempts are spans of their own", async () => {
  await withPrimary((world) =>
    withReceiver("grpc", async (receiver) => {
      const endpoint = `127.0.0.1:${receiver.port}`;
      const retry = { maxAttempts: 3, minWait: "10ms", maxWait: "10ms" };
      const config = configOf(freePort(), world, { endpoint }, retry);
      world.simulator.faults.add({
        ...{ endpoint: "/storage/storage-units", kind: "status", status: 503, count: 1 },
      });
      await withExporter({ config }, async () => {
        const request = await eventually("the retry is exported", () =>
          named(receiver, "nbu.request").find(({ events }) => events.includes("retry")));
        const attempts = receiver.spans.filter(({ parentSpanId }) =>
          parentSpanId === request.spanId
        );
        assert.deepEqual(attempts.map(({ attributes }) => attributes["error.type"]), [
          "503",
          undefined,
        ]);
        assert.equal(attempts[1]?.attributes["http.request.resend_count"], 1);
      });
    })
  );
});

Deno.test("a dead receiver costs no collection and no time at the end, and is told once", async () => {
  await withPrimary(async (world) => {
    const config = configOf(freePort(), world, { endpoint: `127.0.0.1:${freePort()}` });
    await withExporter({ config }, async (exporter) => {
      await eventually("it is up", async () => (await exporter.metrics()).value("nbu_up") === 1);
      const told = () => exporter.log().split("cannot export traces: dropping spans").length - 1;
      await eventually("it is told", () => told() === 1);
      const page = await exporter.metrics();
      assert.equal(page.value("nbu_exporter_unhandled_errors_total"), 0);
      exporter.signal("SIGTERM");
      assert.equal((await exporter.status).code, 0);
      assert.equal(told(), 1);
      assert.doesNotMatch(exporter.log(), /unhandled/);
    });
  });
});

Deno.test("a reload turns traces on and off", async () => {
  await withPrimary((world) =>
    withReceiver("http/protobuf", async (receiver) => {
      const port = freePort();
      const endpoint = `127.0.0.1:${receiver.port}`;
      const on = configOf(port, world, { protocol: "http/protobuf", endpoint });
      const off = configOf(port, world, { enabled: false });
      await withExporter({ config: off }, async (exporter) => {
        await eventually("it is up", async () => (await exporter.metrics()).value("nbu_up") === 1);
        assert.equal(world.traceparents.length, 0);
        await Deno.writeTextFile(exporter.configFile, JSON.stringify(on));
        await eventually("spans arrive", () => receiver.spans.length > 0);
        await Deno.writeTextFile(exporter.configFile, JSON.stringify(off));
        await eventually("NetBackup is sent no trace any more", async () => {
          const before = world.traceparents.length;
          const requests = world.simulator.requests.count();
          await eventually("it is asked", () => world.simulator.requests.count() > requests + 5);
          return world.traceparents.length === before;
        });
      });
    })
  );
});
