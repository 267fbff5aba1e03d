/**
 * A look at PEM files, enough to tell a wrong file at load.
 *
 * @module
 */

/** What is wrong with a PEM file of certificates, or undefined if nothing is. */
export function certificateFault(text: string): string | undefined {
  if (/-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/.test(text)) return undefined;
  return text.includes("-----BEGIN ")
    ? "it holds no certificate"
    : "it is not PEM: there is no line -----BEGIN CERTIFICATE-----";
}

/** What is wrong with a PEM file of a private key, or undefined if nothing is. */
export function privateKeyFault(text: string): string | undefined {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text)) {
    return "the private key is encrypted; store it without a passphrase";
  }
  if (/-----BEGIN ([A-Z0-9]+ )?PRIVATE KEY-----/.test(text)) return undefined;
  return text.includes("-----BEGIN ")
    ? "it holds no private key"
    : "it is not PEM: there is no line -----BEGIN PRIVATE KEY-----";
}
