/**
 * Whether a listener still accepts connections.
 *
 * Once accepting has failed for want of file descriptors, neither `Deno.serve` nor `node:net` of
 * Deno 2.9 accepts anything ever again, while the socket goes on to listen and nothing tells of it.
 * So the exporter connects to itself now and then.
 *
 * @module
 */
import { Socket } from "node:net";
import { settlesWithin } from "../base/settles_within.ts";
import type { Listener } from "./listener.ts";

/**
 * Result of a check: the listener accepts, or does not, or this process has no descriptor left to
 * find out, or no permission to connect to itself.
 */
export type AcceptCheck = "accepts" | "stalled" | "no-descriptors" | "forbidden";

const RESULT_BY_CODE: ReadonlyMap<unknown, AcceptCheck> = new Map([
  ["EMFILE", "no-descriptors"],
  ["ENFILE", "no-descriptors"],
  ["EPERM", "forbidden"],
]);

/**
 * Connects to a listener and waits until it accepts.
 *
 * @param host Address at which it can be reached.
 * @param timeoutMs Time limit in milliseconds.
 */
export async function checkAccepting(
  listener: Listener,
  host: string,
  timeoutMs: number,
): Promise<AcceptCheck> {
  const failed = Promise.withResolvers<AcceptCheck>();
  const socket = new Socket();
  socket.on("error", (error) => failed.resolve(resultOf(error)));
  try {
    const accepted = listener.nextAccepted().then((): AcceptCheck => "accepts");
    socket.connect(listener.address.port, host);
    const result = Promise.race([accepted, failed.promise]);
    return await settlesWithin(result, timeoutMs) ? await result : "stalled";
  } catch (error) {
    return resultOf(error);
  } finally {
    socket.destroy();
  }
}

function resultOf(error: unknown): AcceptCheck {
  if (error instanceof Deno.errors.NotCapable) return "forbidden";
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return RESULT_BY_CODE.get(code) ?? "stalled";
}
