/**
 * How addresses on one machine relate to each other.
 *
 * @module
 */
import { isIPv4 } from "node:net";
import type { Address } from "./listener.ts";

/** Whether both claim the same port of the same address. */
export function overlap(one: Address, other: Address): boolean {
  return covers(one, other) || covers(other, one);
}

/** Whether whoever listens on the first also gets the connections to the second. */
export function covers(one: Address, other: Address): boolean {
  if (one.port !== other.port) return false;
  // "::" stands for the addresses of both kinds.
  if (one.host === other.host || one.host === "::") return true;
  return one.host === "0.0.0.0" && isIPv4(other.host);
}

/**
 * The address of this machine at which a listener can be reached, and not another of ours: the more
 * specific one gets the connections.
 */
export function reachableHost({ host, port }: Address, others: readonly Address[]): string {
  const loopback = host === "0.0.0.0" ? [] : host === "::" ? ["::1"] : undefined;
  if (!loopback) return host;
  const taken = others.filter((other) => other.port === port).map((other) => other.host);
  const candidates = [...loopback, "127.0.0.1", "127.0.0.2", "127.0.0.3"];
  return candidates.find((candidate) => !taken.includes(candidate)) ?? host;
}
