/**
 * The addresses of a name to listen on.
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** Gives the addresses of a name. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/**
 * Gives all addresses of a name, in the order of the system, each once: whoever configures
 * `localhost` expects 127.0.0.1 to work, whichever of the two the system names first.
 *
 * @param host A name or an address; an address is given back.
 * @throws Error When the name cannot be resolved.
 */
export async function resolveHost(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}
