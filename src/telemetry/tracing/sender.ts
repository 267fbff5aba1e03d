/**
 * How an export reaches the receiver.
 *
 * @module
 */

/** Sends serialized spans. */
export interface SpanSender {
  /**
   * Sends one request, once.
   *
   * @param body An `ExportTraceServiceRequest` as protobuf.
   * @param signal Ends it at once.
   * @throws Error When the receiver does not take it.
   */
  send(body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void>;
  /** Closes the connection. */
  close(): void;
}
