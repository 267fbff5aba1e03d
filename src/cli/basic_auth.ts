/**
 * Basic authentication towards a running exporter (RFC 7617).
 *
 * @module
 */

/** Value of the header `Authorization`. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${new TextEncoder().encode(`${user}:${password}`).toBase64()}`;
}
