/**
 * Certificates in files, checked completely when the configuration is loaded: for one bad
 * certificate the TLS stack refuses the whole file, and it ignores blocks it does not know.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import * as v from "valibot";

/** Certificates as the TLS stack takes them, or what is wrong with them. */
export type CertificatesRead =
  | { readonly pem: string; readonly fault?: undefined }
  | { readonly fault: string };

const BEGIN = /-----BEGIN (?:X509 )?CERTIFICATE-----/g;
const BLOCK = /-----BEGIN (?:X509 )?CERTIFICATE-----([^-]*)(-----END (?:X509 )?CERTIFICATE-----)?/g;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The response to `GET /security/cacert`. */
const caResponse = v.object({
  webRootCertificateData: v.optional(v.array(v.object({ caCert: v.optional(v.string()) })), []),
  caCertificateData: v.optional(v.array(v.object({ caCert: v.optional(v.string()) })), []),
});

/**
 * Reads authorities from PEM, or from NetBackup's response to `GET /security/cacert`, saved as it is.
 * Never quotes the content.
 */
export function readAuthorities(content: string): CertificatesRead {
  if (!content.trimStart().startsWith("{")) return readPem(content, isAuthority);
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return { fault: "it is neither PEM nor JSON" };
  }
  const response = v.safeParse(caResponse, json);
  const certificates = response.success
    ? [...response.output.webRootCertificateData, ...response.output.caCertificateData]
      .flatMap(({ caCert }) => caCert ?? [])
    : [];
  if (certificates.length === 0) {
    return { fault: "it is JSON without the certificates that GET /security/cacert gives" };
  }
  return readPem(certificates.join("\n"), isAuthority);
}

/** Reads a certificate, and those that signed it, from PEM. Never quotes the content. */
export function readCertificates(content: string): CertificatesRead {
  return readPem(content, isCertificate);
}

function readPem(content: string, isUsable: (pem: string) => boolean): CertificatesRead {
  if (content.includes("-----BEGIN TRUSTED CERTIFICATE-----")) {
    return {
      fault: 'it holds a "TRUSTED CERTIFICATE", a form of OpenSSL alone; convert it with ' +
        '"openssl x509 -in old.pem -out new.pem"',
    };
  }
  const count = content.match(BEGIN)?.length ?? 0;
  if (count === 0) {
    return {
      fault: content.includes("-----BEGIN ")
        ? "it holds no certificate"
        : "it is not PEM: there is no line -----BEGIN CERTIFICATE-----",
    };
  }
  const blocks: string[] = [];
  for (const [, body = "", end] of content.matchAll(BLOCK)) {
    const which = count === 1 ? "the certificate" : `certificate ${blocks.length + 1} of ${count}`;
    if (end === undefined) {
      return { fault: `${which} has no line -----END CERTIFICATE-----` };
    }
    const base64 = body.replace(/\s/g, "");
    if (!BASE64.test(base64)) return { fault: `${which} is not base64` };
    const lines = base64.match(/.{1,64}/g) ?? [];
    const pem = ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join(
      "\n",
    );
    if (!isUsable(pem)) return { fault: `${which} cannot be read: it is incomplete or no X.509` };
    blocks.push(pem);
  }
  return { pem: blocks.join("") };
}

/** Tries it with the TLS stack that will use it: other parsers accept what this one refuses. */
function isAuthority(pem: string): boolean {
  try {
    Deno.createHttpClient({ caCerts: [pem] }).close();
    return true;
  } catch {
    return false;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
