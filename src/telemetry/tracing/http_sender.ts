/**
 * OTLP over HTTP, binary protobuf.
 *
 * @module
 */
import { otlpHeaders } from "./headers.ts";
import type { SpanSender } from "./sender.ts";
import type { TracingSettings } from "./settings.ts";

/** Makes a sender over a connection pool of its own. */
export function createHttpSender(
  { endpoint, insecure, headers, ca }: Pick<
    TracingSettings,
    "endpoint" | "insecure" | "headers" | "ca"
  >,
): SpanSender {
  const url = `${insecure ? "http" : "https"}://${endpoint}/v1/traces`;
  const client = Deno.createHttpClient({ caCerts: ca === undefined ? [] : [ca] });
  return {
    async send(body, signal) {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          ...Object.fromEntries(
            otlpHeaders(headers).map(([name, value]) => [name, value.reveal()]),
          ),
          "Content-Type": "application/x-protobuf",
        },
        body,
        // The headers may hold a credential for this receiver alone.
        redirect: "manual",
        ...{ client, signal },
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the receiver responded with status ${response.status}`);
    },
    close: () => client.close(),
  };
}
