/**
 * OTLP over gRPC.
 *
 * `@opentelemetry/exporter-trace-otlp-grpc` is not used: it loads `@grpc/grpc-js` by a name that it
 * resolves at run time, which fails in a bundle.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type ChannelCredentials, Client, credentials, Metadata } from "@grpc/grpc-js";
import { otlpHeaders } from "./headers.ts";
import type { SpanSender } from "./sender.ts";
import type { TracingSettings } from "./settings.ts";

const METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** Makes a sender over a channel of its own. */
export function createGrpcSender(
  { endpoint = "", insecure, headers, ca }: Pick<
    TracingSettings,
    "endpoint" | "insecure" | "headers" | "ca"
  >,
): SpanSender {
  const client = new Client(endpoint, channelCredentials(insecure, ca));
  const metadata = new Metadata();
  for (const [name, value] of otlpHeaders(headers)) metadata.set(name, value.reveal());
  return {
    send: (body, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const identity = (bytes: Buffer) => bytes;
        const call = client.makeUnaryRequest(
          METHOD,
          identity,
          // What the receiver says beside its status is not used.
          () => undefined,
          Buffer.from(body.buffer, body.byteOffset, body.byteLength),
          metadata,
          (error) => {
            signal.removeEventListener("abort", onAbort);
            if (error) reject(error);
            else resolve();
          },
        );
        const onAbort = () => call.cancel();
        signal.addEventListener("abort", onAbort, { once: true });
      }),
    close: () => client.close(),
  };
}

function channelCredentials(insecure: boolean, ca: string | undefined): ChannelCredentials {
  if (insecure) return credentials.createInsecure();
  return credentials.createSsl(ca === undefined ? null : Buffer.from(ca));
}
