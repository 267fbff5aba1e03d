/**
 * A receiver of OTLP that does nothing with what it gets.
 *
 * Run as a process of its own: `otlp_receiver.ts grpc|http/protobuf`. Prints its port.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { startReceiver } from "../tests/telemetry/tracing/_receiver.ts";

const receiver = await startReceiver(Deno.args[0] === "grpc" ? "grpc" : "http/protobuf");
console.log(receiver.port);
