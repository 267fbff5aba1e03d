/**
 * The least that a response costs: a server that sends the bytes of a file, and nothing else.
 *
 * Run as a process of its own: `bare_server.ts FILE`. Prints its port.
 *
 * @module
 */
// deno-lint-ignore-file no-console
const body = await Deno.readFile(Deno.args[0] ?? "");
const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  () => new Response(body),
);
console.log(server.addr.port);
