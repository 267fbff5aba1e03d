/**
 * A program of its own: sends a key over the insecure transport, with a client certificate, in several
 * requests. Started by a test with the runtime's own debug output on.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { setImmediate } from "node:timers";
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
const send = () =>
  transport.send({
    url,
    method: "GET",
    headers: { Authorization: KEY },
    signal: new AbortController().signal,
  });
// With each connection the runtime prints those that are open or being made.
const responses = await Promise.all([0, 1, 2, 3].map(async (turns) => {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  return await send();
}));
for (const response of responses) {
  await Deno.stdout.write(new Uint8Array(await response.arrayBuffer()));
}
await transport.close();
