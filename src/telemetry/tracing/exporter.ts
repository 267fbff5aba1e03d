/**
 * Hands finished spans to a receiver, and tells the log when that begins and ceases to work.
 *
 * @module
 */
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import type { Clock } from "../../base/clock.ts";
import { startDeadline } from "../../base/deadline.ts";
import { messageOf } from "../../base/message_of.ts";
import type { LogFields, Logger } from "../logger.ts";
import type { SpanSender } from "./sender.ts";

/** What the exporter needs. */
export interface OtlpExporterOptions {
  readonly sender: SpanSender;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Time limit of one export, in milliseconds. */
  readonly timeoutMs: number;
}

/** Sends each batch once: a batch that fails is dropped, so nothing piles up. */
export class OtlpExporter implements SpanExporter {
  readonly #options: OtlpExporterOptions;
  readonly #closing = new AbortController();
  #failing = false;
  #dropped = 0;

  constructor(options: OtlpExporterOptions) {
    this.#options = options;
  }

  /** Never throws. */
  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#send(spans).then(
      () => {
        this.#succeeded();
        done({ code: ExportResultCode.SUCCESS });
      },
      (error: unknown) => {
        this.#failed(error, spans.length);
        done({ code: ExportResultCode.FAILED });
      },
    );
  }

  /** Ends what is under way at once. */
  shutdown(): Promise<void> {
    this.#closing.abort();
    this.#options.sender.close();
    return Promise.resolve();
  }

  async #send(spans: ReadableSpan[]): Promise<void> {
    const body = ProtobufTraceSerializer.serializeRequest(spans);
    if (!body) throw new Error("the spans cannot be serialized");
    const { clock, timeoutMs, sender } = this.#options;
    using limit = startDeadline({
      clock,
      milliseconds: timeoutMs,
      reason: () => new Error("no response in time"),
      signals: [this.#closing.signal],
    });
    await sender.send(new Uint8Array(body), limit.signal);
  }

  #succeeded(): void {
    if (this.#failing) this.#options.logger.info("resumed exporting traces", this.#lost());
    this.#failing = false;
  }

  /** Logged once, not at each batch: a receiver may be down for days. */
  #failed(error: unknown, spans: number): void {
    this.#dropped += spans;
    if (this.#failing || this.#closing.signal.aborted) return;
    this.#failing = true;
    const reason = messageOf(error);
    this.#options.logger.warn(
      "cannot export traces: dropping spans; check opentelemetry.endpoint and the receiver",
      { reason },
    );
  }

  #lost(): LogFields {
    const lost = { dropped_spans: this.#dropped };
    this.#dropped = 0;
    return lost;
  }
}
