/**
 * The TLS settings, from the checked file and the files it names.
 *
 * @module
 */
import { createSecureContext } from "node:tls";
import { resolve } from "node:path";
import { Secret } from "../../base/secret.ts";
import {
  type CertificatesRead,
  readAuthorities,
  readCertificates,
} from "../../config/file/certificates.ts";
import { readFault } from "../../config/file/environment.ts";
import { isKeyOf, privateKeyFault } from "../../config/file/private_key.ts";
import type { FileReader } from "../../config/file/reader.ts";
import type { IssueCollector } from "../../config/issues.ts";
import type { ValidWebConfig } from "./schema.ts";
import type { TlsSettings } from "./types.ts";

type TlsSection = NonNullable<ValidWebConfig["tls_server_config"]>;

/** Keys that hold PEM or, with `_file` at the end, name a file of it. */
type PemKey = "cert" | "key" | "client_ca";

/** What building the settings needs. */
export interface TlsSources {
  /** Absolute path of the folder of the file, from which relative names start. */
  readonly folder: string;
  readonly reader: FileReader;
  readonly issues: IssueCollector;
}

const SECTION = "tls_server_config";

/**
 * Reads certificates and key, and checks all of it.
 *
 * @returns Undefined when there is a problem; it is added to the issues.
 */
export async function readTlsSettings(
  tls: TlsSection,
  sources: TlsSources,
): Promise<TlsSettings | undefined> {
  const { issues } = sources;
  const pem = async (name: PemKey, required: boolean, read: (text: string) => CertificatesRead) => {
    const found = await textOf(tls, name, required, sources);
    const result = found && read(found.text);
    if (!result) return undefined;
    if (result.fault === undefined) return result.pem;
    issues.add([SECTION, found.key], { message: `cannot be used: ${result.fault}` });
    return undefined;
  };
  const cert = await pem("cert", true, readCertificates);
  const key = await pem("key", true, readKey);
  const clientCa = await pem("client_ca", false, readAuthorities);
  checkClientAuth(tls, issues);
  if (tls.min_version > tls.max_version) {
    issues.add([SECTION, "min_version"], { message: "is above max_version" });
  }
  if (cert === undefined || key === undefined || issues.count > 0) return undefined;
  const settings: TlsSettings = {
    ...{ cert, key: new Secret(key), clientCa, clientAuth: tls.client_auth_type },
    ...{ minVersion: tls.min_version, maxVersion: tls.max_version },
  };
  if (!isKeyOf(key, cert)) {
    const name = tls.key_file ? "key_file" : "key";
    issues.add([SECTION, name], { message: "is not the private key of the certificate" });
    return undefined;
  }
  try {
    createSecureContext({ cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }) });
    return settings;
  } catch {
    issues.add([SECTION], { message: "the TLS stack does not take certificate and key" });
    return undefined;
  }
}

function readKey(text: string): CertificatesRead {
  const fault = privateKeyFault(text);
  return fault === undefined ? { pem: text } : { fault };
}

async function textOf(
  tls: TlsSection,
  name: PemKey,
  required: boolean,
  { folder, reader, issues }: TlsSources,
): Promise<{ text: string; key: string } | undefined> {
  const fileKey = `${name}_file` as const;
  const inline = tls[name];
  const file = tls[fileKey];
  if (inline && file) {
    issues.add([SECTION, name], { message: `${name} and ${fileKey} are both set; remove one` });
  } else if (inline) {
    return { text: inline, key: name };
  } else if (file) {
    try {
      return { text: await reader.read(resolve(folder, file)), key: fileKey };
    } catch (error) {
      issues.add([SECTION, fileKey], { message: `cannot be read: ${readFault(error)}` });
    }
  } else if (required) {
    issues.add([SECTION], {
      message: `${fileKey} is missing; TLS needs a certificate and its key`,
    });
  }
  return undefined;
}

function checkClientAuth(tls: TlsSection, issues: IssueCollector): void {
  const { client_auth_type: type, client_ca, client_ca_file } = tls;
  const caKey = client_ca_file ? "client_ca_file" : client_ca ? "client_ca" : undefined;
  const verifies = type === "RequireAndVerifyClientCert" || type === "VerifyClientCertIfGiven";
  if (verifies && !caKey) {
    issues.add([SECTION, "client_auth_type"], {
      message: `${type} needs client_ca_file: the authority that signs the clients' certificates`,
    });
  }
  if (type === "NoClientCert" && caKey) {
    issues.add([SECTION, caKey], {
      message: "is of no use without client_auth_type; set it to RequireAndVerifyClientCert",
    });
  }
}
