/**
 * The bytes of a page as they are on the wire.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { get, type IncomingMessage } from "node:http";

/** The two codings a scrape may ask for, as values of `Accept-Encoding`. */
export const ENCODINGS = ["identity", "gzip"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * Gets a page without decoding it, as `fetch` would.
 *
 * @throws Error When the status is not 200.
 */
export async function rawBody(url: string, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { "accept-encoding": encoding } }, resolve).on("error", reject);
  });
  for await (const chunk of response) chunks.push(chunk);
  if (response.statusCode !== 200) throw new Error(`${url} has status ${response.statusCode}`);
  return Uint8Array.from(Buffer.concat(chunks));
}

/** Number of series on a page of the text format. */
export function countSeries(page: Uint8Array): number {
  const lines = new TextDecoder().decode(page).split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#")).length;
}
