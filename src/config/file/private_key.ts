/**
 * Private keys in files, checked at load.
 *
 * @module
 */
import { createPrivateKey } from "node:crypto";

/** What is wrong with a PEM file of a private key, or undefined if nothing is. */
export function privateKeyFault(text: string): string | undefined {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text)) {
    return "the private key is encrypted; store it without a passphrase";
  }
  if (!/-----BEGIN ([A-Z0-9]+ )?PRIVATE KEY-----/.test(text)) {
    return text.includes("-----BEGIN ")
      ? "it holds no private key"
      : "it is not PEM: there is no line -----BEGIN PRIVATE KEY-----";
  }
  try {
    createPrivateKey(text);
    return undefined;
  } catch {
    return "the private key cannot be read: it is incomplete or of an unknown kind";
  }
}

/**
 * True when the TLS stack takes a private key for that of the first certificate of a file, the one
 * that is shown to the server.
 *
 * @param key PEM that can be read.
 * @param cert PEM that can be read.
 */
export function isKeyOf(key: string, cert: string): boolean {
  try {
    Deno.createHttpClient({ cert, key }).close();
    return true;
  } catch {
    return false;
  }
}
