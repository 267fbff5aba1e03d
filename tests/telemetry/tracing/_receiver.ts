/**
 * Receivers of OTLP for tests, one for each protocol. They decode what they get by the protocol's own
 * definition, the part of it that is looked at.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createSecureServer, createServer, type ServerHttp2Stream } from "node:http2";
import protobuf from "protobufjs";

/** One span that arrived. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** 1 internal, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  /** 0 unset, 2 error. */
  readonly status: number;
}

/** A receiver that listens on 127.0.0.1. */
export interface Receiver {
  readonly port: number;
  readonly spans: readonly ReceivedSpan[];
  /** Attributes of the resource of the latest export. */
  readonly resource: Readonly<Record<string, unknown>>;
  /** Headers or metadata of the latest export. */
  readonly headers: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Certificate and key of a receiver with TLS, PEM. */
export interface ReceiverTls {
  readonly cert: string;
  readonly key: string;
}

// From opentelemetry-proto; names and numbers of the fields are the protocol.
const DEFINITION = `syntax = "proto3";
message AnyValue { oneof value { string s = 1; bool b = 2; int64 i = 3; double d = 4; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Status { string message = 2; int32 code = 3; }
message Event { fixed64 time = 1; string name = 2; repeated KeyValue attributes = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4;
  string name = 5; int32 kind = 6; repeated KeyValue attributes = 9; repeated Event events = 11;
  Status status = 15;
}
message ScopeSpans { repeated Span spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Request { repeated ResourceSpans resource_spans = 1; }
`;

const Request = protobuf.parse(DEFINITION).root.lookupType("Request");

interface KeyValue {
  readonly key: string;
  readonly value?: Readonly<Record<string, unknown>>;
}

interface DecodedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly KeyValue[];
  readonly events: readonly { readonly name: string }[];
  readonly status?: { readonly code: number } | null;
}

interface Decoded {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly DecodedSpan[] }[];
  }[];
}

class Collected {
  readonly spans: ReceivedSpan[] = [];
  resource: Record<string, unknown> = {};
  headers: Record<string, string> = {};

  add(body: Uint8Array, headers: Record<string, string>): void {
    const decoded: Decoded = JSON.parse(JSON.stringify(
      Request.toObject(Request.decode(body), { bytes: String, longs: Number, defaults: true }),
    ));
    this.headers = headers;
    for (const { resource, scopeSpans } of decoded.resourceSpans) {
      this.resource = values(resource?.attributes ?? []);
      this.spans.push(
        ...scopeSpans.flatMap(({ spans }) => spans).map((span) => ({
          ...{ name: span.name, kind: span.kind, attributes: values(span.attributes) },
          traceId: hex(span.traceId),
          spanId: hex(span.spanId),
          parentSpanId: hex(span.parentSpanId),
          events: span.events.map(({ name }) => name),
          status: span.status?.code ?? 0,
        })),
      );
    }
  }
}

function values(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value ?? {})[0]]),
  );
}

function hex(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex");
}

/** Receives OTLP over HTTP. */
function startHttpReceiver(tls?: ReceiverTls): Receiver {
  const collected = new Collected();
  const handler = async (request: globalThis.Request) => {
    if (new URL(request.url).pathname !== "/v1/traces" || request.method !== "POST") {
      return new Response("no such path", { status: 404 });
    }
    const body = new Uint8Array(await request.arrayBuffer());
    collected.add(body, Object.fromEntries(request.headers));
    return new Response(new Uint8Array(), {
      headers: { "Content-Type": "application/x-protobuf" },
    });
  };
  const address = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const server = tls ? Deno.serve({ ...address, ...tls }, handler) : Deno.serve(address, handler);
  return receiver(collected, server.addr.port, () => server.shutdown());
}

/** Receives OTLP over gRPC: a unary call is one HTTP/2 stream. */
async function startGrpcReceiver(tls?: ReceiverTls): Promise<Receiver> {
  const collected = new Collected();
  const server = tls ? createSecureServer({ ...tls }) : createServer();
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    const chunks: Uint8Array[] = [];
    stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    stream.on("end", () => {
      // A message is preceded by a flag of its compression and its length, five bytes.
      const body = Buffer.concat(chunks).subarray(5);
      const entries = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      collected.add(body, Object.fromEntries(entries));
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, {
        waitForTrailers: true,
      });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.alloc(5));
      // A connection for each export: at the end of one with several streams behind it, the HTTP/2
      // server of Deno 2.9 may end the process (an assertion of nghttp2). Clients are not affected.
      stream.session?.close();
    });
    stream.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address !== "object") throw new Error("it does not listen");
  return receiver(collected, address.port, async () => {
    await new Promise((resolve) => server.close(resolve));
  });
}

function receiver(collected: Collected, port: number, close: () => Promise<unknown>): Receiver {
  return {
    port,
    spans: collected.spans,
    get resource() {
      return collected.resource;
    },
    get headers() {
      return collected.headers;
    },
    async close() {
      await close();
    },
  };
}

const START = { "grpc": startGrpcReceiver, "http/protobuf": startHttpReceiver } as const;

/** Starts a receiver of this protocol. */
export async function startReceiver(
  protocol: keyof typeof START,
  tls?: ReceiverTls,
): Promise<Receiver> {
  return await START[protocol](tls);
}

/** Runs `body` with a receiver of this protocol that is closed afterwards. */
export async function withReceiver(
  protocol: keyof typeof START,
  body: (receiver: Receiver) => Promise<void>,
): Promise<void> {
  const receiver = await startReceiver(protocol);
  try {
    await body(receiver);
  } finally {
    await receiver.close();
  }
}
