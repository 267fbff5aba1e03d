/**
 * Certificates for the tests of the web configuration: made once, by `openssl`.
 *
 * @module
 */
import { join } from "node:path";
import { isInstalled } from "../../../scripts/command.ts";
import { type Certificates, makeCertificates } from "../../testing/certificates.ts";
import { skipped } from "../../testing/skipped.ts";

const noTls = skipped(
  "the TLS of the server",
  await isInstalled("openssl") ? undefined : "openssl is not installed",
);

/** Registers a test that is given certificates and the directory they are in. */
export function pkiTest(
  name: string,
  body: (certificates: Certificates, directory: string) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: noTls,
    async fn() {
      const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_pki_" });
      try {
        await body(await makeCertificates(directory), directory);
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
  });
}

/** Makes a second, independent set of certificates below a directory. */
export async function otherCertificates(directory: string): Promise<Certificates> {
  const other = join(directory, "other");
  await Deno.mkdir(other);
  return await makeCertificates(other);
}
