/**
 * URLs of requests.
 *
 * @module
 */
import type { Query } from "./api.ts";

/**
 * Puts a URL together. Names and values are percent-encoded as RFC 3986 says, brackets and spaces
 * included (`page%5Blimit%5D=100`, `%20`), as NetBackup's guide asks for.
 *
 * @param baseUrl Without a slash at the end.
 * @param path Already encoded, with a slash at the beginning.
 */
export function buildUrl(baseUrl: string, path: string, query: Query = {}): string {
  const pairs = Object.entries(query).map(([name, value]) =>
    `${encode(name)}=${encode(String(value))}`
  );
  return pairs.length === 0 ? `${baseUrl}${path}` : `${baseUrl}${path}?${pairs.join("&")}`;
}

/** `encodeURIComponent` leaves five characters alone that RFC 3986 reserves. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
