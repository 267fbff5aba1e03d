/**
 * A program of its own: sends a key over the insecure transport, with a client certificate. Started by
 * a test with the runtime's own debug output on.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { Secret } from "../../../src/base/secret.ts";
import { createTransport } from "../../../src/netbackup/transport_factory.ts";
import { KEY, siteConfig } from "./fixtures.ts";

const [url = "", certFile = "", keyFile = ""] = Deno.args;
const transport = createTransport(siteConfig({
  insecureSkipVerify: true,
  clientCertificate: {
    certFile,
    keyFile,
    cert: await readFile(certFile, "utf8"),
    key: new Secret(await readFile(keyFile, "utf8")),
  },
}));
const response = await transport.send({
  url,
  method: "GET",
  headers: { Authorization: KEY },
  signal: new AbortController().signal,
});
await Deno.stdout.write(new Uint8Array(await response.arrayBuffer()));
await transport.close();
