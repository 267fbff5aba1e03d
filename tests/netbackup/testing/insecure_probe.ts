/**
 * A program of its own: asks the address it is given over the insecure transport and prints the
 * answer. Started by a test with no permission but the network's.
 *
 * @module
 */
import { createTransport } from "../../../src/netbackup/transport_factory.ts";
import { siteConfig } from "./fixtures.ts";

const transport = createTransport(siteConfig({ insecureSkipVerify: true }));
const response = await transport.send({
  url: Deno.args[0] ?? "",
  method: "GET",
  headers: {},
  signal: new AbortController().signal,
});
await Deno.stdout.write(new Uint8Array(await response.arrayBuffer()));
await transport.close();
