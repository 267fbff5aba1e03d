/**
 * Where the real program listens, and what it does when it can no longer.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { isInstalled } from "../../scripts/command.ts";
import { RawConnection } from "../server/_raw.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";
import { eventually, freePort, withDirectory, withExporter } from "./harness.ts";

/** The primary is not there: these tests are about the exporter's own port. */
function configOf(host: string, port: number) {
  const site = { site: "a", scheme: "http", host: "127.0.0.1", port: 9, apiKey: "listener-key" };
  return { server: { port, host }, nbuservers: [site] };
}

/** Whether this machine has the address; only then can anything listen there. */
function hasAddress(hostname: string): boolean {
  try {
    Deno.listen({ hostname, port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

/** Whether a process can be given a /etc/hosts of its own. */
async function canReplaceHosts(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const mount = "mount --bind /dev/null /etc/hosts";
  const child = new Deno.Command("unshare", { args: ["--mount", "sh", "-c", mount] });
  return await child.output().then(({ success }) => success, () => false);
}

const noIpv6 = skipped(
  'that "localhost" is listened on at [::1] too',
  !hasAddress("::1")
    ? "this machine has no ::1"
    : await canReplaceHosts()
    ? undefined
    : "giving the program a /etc/hosts takes Linux, root and unshare",
);

Deno.test("server.host: localhost listens on 127.0.0.1", async () => {
  const port = freePort();
  // The harness waits for a response from 127.0.0.1, as the users of the Go exporter do.
  await withExporter({ config: configOf("localhost", port) }, (exporter) => {
    assert.ok(exporter.log().includes(`listening on http://127.0.0.1:${port}`));
    return Promise.resolve();
  });
});

Deno.test({
  name: "server.host: localhost listens on every address of the name, whichever comes first",
  ignore: noIpv6,
  async fn() {
    await withDirectory(async (directory) => {
      const hostsFile = join(directory, "hosts");
      for (
        const hosts of [
          "::1 localhost\n127.0.0.1 localhost\n",
          "127.0.0.1 localhost\n::1 localhost\n",
        ]
      ) {
        await Deno.writeTextFile(hostsFile, hosts);
        const port = freePort();
        await withExporter({ config: configOf("localhost", port), hostsFile }, async (exporter) => {
          for (const host of ["127.0.0.1", "[::1]"]) {
            const response = await fetch(`http://${host}:${port}/-/healthy`);
            await response.body?.cancel();
            assert.equal(response.status, 200, host);
            assert.ok(exporter.log().includes(`listening on http://${host}:${port}`), host);
            const page = await exporter.metrics();
            const address = `${host}:${port}`;
            assert.equal(page.value("nbu_exporter_http_listening", { address }), 1);
          }
        });
      }
    });
  },
});

Deno.test("HEAD of the status page tells the length of what GET sends", async () => {
  const port = freePort();
  await withExporter({ config: configOf("127.0.0.1", port) }, async () => {
    const request = "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const client = await RawConnection.open(port, request);
    const response = await client.readToEnd();
    client.close();
    assert.match(response, /^HTTP\/1\.1 200 /);
    assert.ok(Number(/\r\ncontent-length: (\d+)\r\n/i.exec(response)?.[1]) > 1000, response);
    assert.match(response, /\r\n\r\n$/, "no body");
  });
});

Deno.test({
  name: "the program ends with 1 when it has had no file descriptor for a minute",
  ignore: skipped(
    "the end of the program without file descriptors",
    await isInstalled("prlimit") ? unlessOn("linux") : "prlimit is not installed",
  ),
  async fn() {
    const port = freePort();
    await withExporter({ config: configOf("127.0.0.1", port) }, async (exporter) => {
      const before = await exporter.metrics();
      const address = `127.0.0.1:${port}`;
      assert.equal(before.value("nbu_exporter_http_listening", { address }), 1);
      assert.equal(before.value("nbu_exporter_http_listener_restarts_total"), 0);
      assert.equal(before.value("nbu_exporter_unhandled_errors_total"), 0);
      // None above the three of the standard streams: whatever asks for one is refused from now on.
      const { success, stderr } = await new Deno.Command("prlimit", {
        args: ["--pid", `${exporter.pid}`, "--nofile=3:3"],
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      let ended = false;
      exporter.status.then(() => ended = true);
      await eventually("it ends", () => ended, 3 * 60_000);
      assert.equal((await exporter.status).code, 1);
      assert.match(exporter.log(), /level=warn msg="no file descriptors left: .*LimitNOFILE/);
      assert.match(exporter.log(), /level=info msg=stopping reason="the port is lost"/);
      assert.match(exporter.log(), /^nbu_exporter: no file descriptors left: .*LimitNOFILE/m);
    });
  },
});
