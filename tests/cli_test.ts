import assert from "node:assert/strict";
import { type CliIo, main, type RunOptions } from "../src/cli.ts";

const BUILD = { version: "1.2.3", commit: "abc" };

const VALID = `
server: {port: 9440}
nbuservers: [{site: a, host: a.example.com, apiKey: k}]
`;

async function runCli(args: string[], file = VALID, serveError?: Error) {
  let out = "";
  let err = "";
  const served: RunOptions[] = [];
  const io: CliIo = {
    out: (text) => out += text,
    err: (text) => err += text,
    environment: {
      get: () => undefined,
      readTextFile: (path) =>
        path.endsWith("config.yaml")
          ? Promise.resolve(file)
          : Promise.reject(new Deno.errors.NotFound(path)),
      factsOf: () => Promise.resolve(undefined),
      cwd: "/etc",
    },
    serve: (options) => {
      served.push(options);
      return serveError ? Promise.reject(serveError) : Promise.resolve();
    },
  };
  const code = await main(args, BUILD, io);
  return { code, out, err, served };
}

Deno.test("main() runs the exporter with config.yaml unless told otherwise", async () => {
  const { code, served } = await runCli([]);
  assert.equal(code, 0);
  assert.equal(served[0]?.config, "config.yaml");
  assert.equal(served[0]?.debug, false);
});

Deno.test("main() takes the flags of the Go exporter, short and long", async () => {
  for (
    const args of [["-c", "x.yaml", "-d"], ["--config", "x.yaml", "--debug"], [
      "--config=x.yaml",
      "-d",
    ]]
  ) {
    const { served } = await runCli([...args, "--trace"]);
    const { config, debug, trace } = served[0] ?? {};
    assert.deepEqual({ config, debug, trace }, { config: "x.yaml", debug: true, trace: true });
  }
});

Deno.test("main() takes the file of the web configuration", async () => {
  for (const args of [["--web.config.file", "web.yml"], ["--web.config.file=web.yml"]]) {
    const { served } = await runCli(args);
    assert.equal(served[0]?.["web.config.file"], "web.yml");
  }
});

Deno.test("check reads the web configuration as well", async () => {
  const { code, err } = await runCli(["--web.config.file", "web.yml", "check"]);
  assert.equal(code, 1);
  assert.match(err, /^web\.yml: cannot read the web configuration: there is no such file/);
});

Deno.test("main() ends with 1 and says why when the exporter cannot start", async () => {
  const { code, err } = await runCli([], VALID, new Error("Cannot listen"));
  assert.equal(code, 1);
  assert.match(err, /Cannot listen/);
});

Deno.test("main() ends with 1 on an unknown flag or command", async () => {
  assert.equal((await runCli(["--nonsense"])).code, 1);
  const { code, err } = await runCli(["nonsense"]);
  assert.equal(code, 1);
  assert.notEqual(err, "");
});

Deno.test("main() prints version, commit and runtime", async () => {
  for (const args of [["version"], ["--version"]]) {
    const { code, out } = await runCli(args);
    assert.equal(code, 0);
    assert.match(out, /^nbu_exporter 1\.2\.3 \(commit abc, deno \d/);
  }
});

Deno.test("main() prints help with all commands and ends with 0", async () => {
  const { code, out } = await runCli(["--help"]);
  assert.equal(code, 0);
  for (const word of ["--config", "--debug", "--trace", "check", "version"]) {
    assert.ok(out.includes(word), word);
  }
});

Deno.test("check accepts a valid file and names its sites", async () => {
  const { code, out, served } = await runCli(["check", "-c", "config.yaml"]);
  assert.equal(code, 0);
  assert.match(out, /valid; sites: a/);
  assert.equal(served.length, 0);
});

Deno.test("check lists every problem with its place and ends with 1", async () => {
  const bad = VALID.replace("9440", "99999").replace("apiKey: k", "apiKey: ''");
  const { code, err } = await runCli(["check"], bad);
  assert.equal(code, 1);
  assert.match(err, /config\.yaml:2:\d+: server\.port/);
  assert.match(err, /config\.yaml:3:\d+: nbuservers\[0\]\.apiKey/);
});

Deno.test("check warns about an unknown key, and with --strict refuses it", async () => {
  const unknown = VALID.replace("apiKey: k", "apiKey: k, apiKeyy: 1");
  const lenient = await runCli(["check"], unknown);
  assert.equal(lenient.code, 0);
  assert.match(lenient.err, /config\.yaml:3:\d+: warning: .*apiKeyy/);
  assert.equal((await runCli(["check", "--strict"], unknown)).code, 1);
  assert.equal((await runCli(["check", "--strict"], VALID)).code, 0);
});

Deno.test("main() check shows no control characters of a site's name", async () => {
  const file = 'nbuservers: [{site: "a\\e[31m", host: a.example.com, apiKey: k}]';
  const { code, out, err } = await runCli(["check"], file);
  assert.equal(code, 0);
  assert.match(out, /sites: "a\\u001b\[31m"/);
  // deno-lint-ignore no-control-regex -- that is what must not be there
  assert.doesNotMatch(out + err, /\x1b/);
});
