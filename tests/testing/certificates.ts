/**
 * Certificates for tests, made by the `openssl` program.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Files of a small public key infrastructure, all PEM. */
export interface Certificates {
  /** The authority that signed server and client. */
  readonly caFile: string;
  /** Server certificate for `localhost`, 127.0.0.1 and ::1. */
  readonly serverCertFile: string;
  readonly serverKeyFile: string;
  /** A server certificate for the same names that no authority signed. */
  readonly selfSignedCertFile: string;
  readonly selfSignedKeyFile: string;
  /** Client certificate signed by the authority. */
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
}

const NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1";
const EC_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/**
 * Makes certificates that are valid for two days.
 *
 * @param directory Existing directory to put them into.
 * @param serverDays Validity of the server's certificate; -1 = it has expired.
 * @throws Error When `openssl` is missing or fails.
 */
export async function makeCertificates(directory: string, serverDays = 2): Promise<Certificates> {
  const path = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => run("openssl", args);
  const caFile = path("ca.pem");
  const caKeyFile = path("ca-key.pem");
  await openssl(
    ...["req", "-x509", ...EC_KEY, "-days", "2", "-subj", "/CN=Test NetBackup CA"],
    ...["-addext", "basicConstraints=critical,CA:TRUE"],
    ...["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    ...["-keyout", caKeyFile, "-out", caFile],
  );

  const signed = async (name: string, subject: string, usage: string, days: number) => {
    const [key, request, cert] = [`${name}-key.pem`, `${name}.csr`, `${name}.pem`].map(path);
    const extensions = path(`${name}.ext`);
    const lines = [NAMES, `extendedKeyUsage=${usage}`, "basicConstraints=CA:FALSE"];
    await writeFile(extensions, lines.join("\n"));
    await openssl(
      ...["req", "-new", ...EC_KEY, "-subj", subject, "-keyout", `${key}`, "-out", `${request}`],
    );
    await openssl(
      ...["x509", "-req", "-in", `${request}`, "-days", `${days}`, "-extfile", extensions],
      ...["-CA", caFile, "-CAkey", caKeyFile, "-CAcreateserial", "-out", `${cert}`],
    );
    return { key: `${key}`, cert: `${cert}` };
  };

  const server = await signed("server", "/CN=localhost", "serverAuth", serverDays);
  const client = await signed("client", "/CN=nbu_exporter", "clientAuth", 2);
  const selfSignedCertFile = path("self-signed.pem");
  const selfSignedKeyFile = path("self-signed-key.pem");
  await openssl(
    ...["req", "-x509", ...EC_KEY, "-days", "2", "-subj", "/CN=localhost", "-addext", NAMES],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ...["-keyout", selfSignedKeyFile, "-out", selfSignedCertFile],
  );
  return {
    caFile,
    serverCertFile: server.cert,
    serverKeyFile: server.key,
    selfSignedCertFile,
    selfSignedKeyFile,
    clientCertFile: client.cert,
    clientKeyFile: client.key,
  };
}
