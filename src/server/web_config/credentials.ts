/**
 * User and password of a request.
 *
 * @module
 */

/** What HTTP basic authentication sends. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Reads an `Authorization` header.
 *
 * @returns Undefined when it is none of basic authentication, or cannot be read.
 */
export function parseCredentials(header: string | null): Credentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = decode(encoded);
  const colon = text?.indexOf(":") ?? -1;
  if (text === undefined || colon < 0) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function decode(base64: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}
