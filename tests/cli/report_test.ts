import assert from "node:assert/strict";
import { runCli } from "./_run.ts";

interface Asked {
  readonly url: string;
  readonly authorization: string | null;
}

/** Runs `body` with something that serves reports, and what it was asked for. */
async function withReports(
  body: (port: number, asked: readonly Asked[]) => Promise<void>,
  respond: (url: URL) => Response = () => new Response("the report\n"),
): Promise<void> {
  const asked: Asked[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const url = new URL(request.url);
    asked.push({
      url: `${url.pathname}${url.search}`,
      authorization: request.headers.get("Authorization"),
    });
    return respond(url);
  });
  try {
    await body(server.addr.port, asked);
  } finally {
    await server.shutdown();
  }
}

function config(host: string, port: number): string {
  return JSON.stringify({
    server: { host, port },
    nbuservers: [{ site: "a", host: "a.example.com", apiKey: "k" }],
  });
}

Deno.test("report asks the exporter where the configuration says that it listens, and prints", () =>
  withReports(async (port, asked) => {
    for (const host of ["127.0.0.1", "0.0.0.0"]) {
      const { code, out, err } = await runCli(["report"], { config: config(host, port) });
      assert.deepEqual([code, out, err], [0, "the report\n", ""]);
    }
    const flag = ["report", "--web.listen-address", `:${port}`];
    assert.equal((await runCli(flag)).out, "the report\n");
    assert.deepEqual(
      new Set(asked.map(({ url }) => url)),
      new Set(["/report?window=24h&format=text"]),
    );
  }));

Deno.test("report --url asks another exporter, for which no configuration is needed", () =>
  withReports(async (port, asked) => {
    const url = `http://127.0.0.1:${port}/behind/a/proxy/`;
    const { code } = await runCli(
      ["report", "--url", url, "--window", "12h", "--format", "csv"],
      { config: "no: configuration" },
    );
    assert.equal(code, 0);
    assert.equal(asked[0]?.url, "/behind/a/proxy/report?window=12h&format=csv");
  }));

Deno.test("report ends its output with a line, whatever the form", () =>
  withReports(async (port) => {
    const { out } = await runCli(["report", "--url", `http://127.0.0.1:${port}`]);
    assert.equal(out, "{}\n");
  }, () => new Response("{}")));

Deno.test("report logs in with the password of the environment, and never names it", () =>
  withReports(async (port, asked) => {
    const url = ["--url", `http://127.0.0.1:${port}`];
    const environment = { variables: { NBU_EXPORTER_PASSWORD: "pässword" } };
    const { code } = await runCli(["report", ...url, "--user", "prom"], environment);
    assert.equal(code, 0);
    const expected = new TextEncoder().encode("prom:pässword").toBase64();
    assert.equal(asked[0]?.authorization, `Basic ${expected}`);
    const without = await runCli(["report", ...url, "--user", "prom"]);
    assert.equal(without.code, 1);
    assert.match(without.err, /--user needs the password .* NBU_EXPORTER_PASSWORD/);
    assert.equal(asked.length, 1);
  }));

Deno.test("report says what to do when the exporter refuses", async () => {
  const refusals: readonly [number, string, RegExp][] = [
    [401, "Unauthorized", /asks for a password: give --user NAME and NBU_EXPORTER_PASSWORD/],
    [400, "Parameter window: no\n", /refuses the report with status 400: Parameter window: no$/m],
    [404, "Not found", /status 404: Not found; is it an nbu_exporter of this version\?/],
  ];
  for (const [status, text, message] of refusals) {
    await withReports(async (port) => {
      const { code, out, err } = await runCli(["report", "--url", `http://127.0.0.1:${port}`]);
      assert.deepEqual([code, out], [1, ""]);
      assert.match(err, message);
    }, () => new Response(text, { status }));
  }
});

Deno.test("report says that it needs a running exporter", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { code, err } = await runCli(["report"], { config: config("127.0.0.1", port) });
  assert.equal(code, 1);
  assert.match(err, /cannot reach the exporter at http:\/\/127\.0\.0\.1:\d+: .*refused/i);
  assert.match(err, /start it, or say with --url where it is/);
});

Deno.test("report refuses an address, a form and a file that are none", async () => {
  const err = async (...args: readonly string[]) => {
    const result = await runCli(["report", ...args]);
    assert.equal(result.code, 1);
    return result.err;
  };
  assert.match(await err("--url", "localhost:9440"), /"localhost:9440" is no address/);
  assert.match(await err("--format", "pdf"), /Allowed choices are text, csv, json, html/);
  assert.match(
    await err("--url", "https://localhost", "--ca-file", "none.pem"),
    /cannot use the file "none\.pem" of --ca-file/,
  );
});

Deno.test("help report and the completions know the command", async () => {
  const { out } = await runCli(["help", "report"]);
  for (const flag of ["--url", "--window", "--format", "--ca-file", "--user"]) {
    assert.ok(out.includes(flag), flag);
  }
  assert.match(out, /Asks a running exporter/);
  const { out: bash } = await runCli(["completions", "bash"]);
  assert.match(bash, /report\) words="\$words --url --window --format --ca-file --user"/);
});
