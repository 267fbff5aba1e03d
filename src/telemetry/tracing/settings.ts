/**
 * How traces are exported.
 *
 * @module
 */
import type { Secret } from "../../base/secret.ts";

/** Protocols of OTLP. */
export type OtlpProtocol = "grpc" | "http/protobuf";

/** Settings of the export of traces. */
export interface TracingSettings {
  readonly enabled: boolean;
  /** `host:port` of an OTLP receiver; set when enabled. */
  readonly endpoint: string | undefined;
  readonly protocol: OtlpProtocol;
  /** True sends without TLS. */
  readonly insecure: boolean;
  /** Share of the traces that is kept, 0..1. */
  readonly samplingRate: number;
  /** Headers of each export as one text, without a fault; undefined = none. */
  readonly headers: Secret | undefined;
  /** Authorities that sign the receiver's certificate, PEM; undefined = those of the system. */
  readonly ca: string | undefined;
}
