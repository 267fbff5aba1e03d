import assert from "node:assert/strict";
import { runCli, VALID } from "./cli/_run.ts";

Deno.test("main() runs the exporter with config.yaml unless told otherwise", async () => {
  const { code, served } = await runCli([]);
  assert.equal(code, 0);
  assert.equal(served[0]?.config, "config.yaml");
  assert.equal(served[0]?.debug, false);
  assert.equal(served[0]?.enableLifecycle, false);
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

Deno.test("main() takes the flags that exporters of the Prometheus project have", async () => {
  const { code, served } = await runCli([
    "--config.file=x.yaml",
    "--web.listen-address=127.0.0.1:9101",
    "--web.telemetry-path=/m",
    "--web.enable-lifecycle",
    "--log.level=warn",
    "--log.format=json",
  ]);
  assert.equal(code, 0);
  assert.deepEqual(served, [{
    config: "x.yaml",
    debug: false,
    trace: false,
    webConfigFile: undefined,
    enableLifecycle: true,
    overrides: {
      listen: [{ host: "127.0.0.1", port: 9101 }],
      metricsPath: "/m",
      logLevel: "warning",
      logFormat: "json",
    },
  }]);
});

Deno.test("--web.listen-address takes an address, a name, IPv6 and a port alone", async () => {
  for (
    const [text, host] of [
      [":9101", "0.0.0.0"],
      ["localhost:9101", "localhost"],
      ["[::1]:9101", "::1"],
    ] as const
  ) {
    const { served } = await runCli(["--web.listen-address", text]);
    assert.deepEqual(served[0]?.overrides.listen, [{ host, port: 9101 }], text);
  }
});

Deno.test("--web.listen-address may be given several times, and the same address counts once", async () => {
  const addresses = ["127.0.0.1:9101", "[::1]:9101", "127.0.0.1:9102", "127.0.0.1:9101"];
  const { served } = await runCli(addresses.map((address) => `--web.listen-address=${address}`));
  assert.deepEqual(served[0]?.overrides.listen, [
    { host: "127.0.0.1", port: 9101 },
    { host: "::1", port: 9101 },
    { host: "127.0.0.1", port: 9102 },
  ]);
});

Deno.test("main() refuses values of flags that mean nothing, and says why", async () => {
  for (
    const [args, message] of [
      [["--web.listen-address", "9101"], /Expected HOST:PORT or :PORT; it has no port/],
      [["--web.listen-address", ":0"], /port is not a number from 1 to 65535/],
      [["--web.listen-address", ":1", "--web.listen-address", "2"], /it has no port/],
      [["check", "--diff", "config.yaml"], /Expected a URL such as http:/],
      [["--web.telemetry-path", "/"], /status page/],
      [["--log.level", "loud"], /debug, info, warn/],
      [["--log.format", "xml"], /logfmt, json/],
    ] as const
  ) {
    const { code, err, served } = await runCli(args);
    assert.equal(code, 1, args.join(" "));
    assert.match(err, message);
    assert.equal(served.length, 0);
  }
});

Deno.test("main() takes the file of the web configuration", async () => {
  for (const args of [["--web.config.file", "web.yml"], ["--web.config.file=web.yml"]]) {
    const { served } = await runCli(args);
    assert.equal(served[0]?.webConfigFile, "web.yml");
  }
});

Deno.test("check reads the web configuration as well", async () => {
  const { code, err } = await runCli(["--web.config.file", "web.yml", "check"]);
  assert.equal(code, 1);
  assert.match(err, /^web\.yml: cannot read the web configuration: there is no such file/);
});

Deno.test("main() ends with 1 and says why when the exporter cannot start", async () => {
  const { code, err } = await runCli([], { serveError: new Error("Cannot listen") });
  assert.equal(code, 1);
  assert.match(err, /Cannot listen/);
});

Deno.test("main() names the nearest command or flag when one is unknown", async () => {
  for (
    const [args, message] of [
      [["chekc"], /^error: unknown command 'chekc'; did you mean 'check'\?\n$/],
      [["foo"], /^error: unknown command 'foo'; see 'nbu_exporter --help'/],
      [["--confg", "x"], /unknown option '--confg'\n\(Did you mean --config\?\)/],
      [["check", "--strikt"], /unknown option '--strikt'\n\(Did you mean --strict\?\)/],
    ] as const
  ) {
    const { code, err, served } = await runCli(args);
    assert.equal(code, 1);
    assert.match(err, message);
    assert.equal(served.length, 0);
  }
});

Deno.test("main() prints version, commit and runtime", async () => {
  for (const args of [["version"], ["--version"]]) {
    const { code, out } = await runCli(args);
    assert.equal(code, 0);
    assert.match(out, /^nbu_exporter 1\.2\.3 \(commit abc, deno \d/);
  }
});

Deno.test("main() prints help with commands, flags, examples, exit codes and signals", async () => {
  const help = await runCli(["--help"]);
  assert.equal(help.code, 0);
  for (
    const word of [
      ...["--config", "--config.file", "--debug", "--trace", "--web.listen-address"],
      ...["--web.telemetry-path", "--web.enable-lifecycle", "--log.level", "--log.format"],
      ...["check", "doctor", "metrics", "version", "completions", "help"],
      ...["Examples:", "Exit codes:", "Signals:", "SIGHUP", "SIGTERM", "config.yaml"],
    ]
  ) {
    assert.ok(help.out.includes(word), word);
  }
  const [, listed = ""] = /Commands:\n([^]*?)\n\n/.exec(help.out) ?? [];
  const commands = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = ""]) => name);
  assert.ok(commands.length >= 6);
  for (const command of commands) {
    const { code, out } = await runCli(["help", command]);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^Usage: nbu_exporter ${command}`));
    assert.match(out, /Examples?:[^]*Exit codes?:/, command);
  }
});

Deno.test("help names the nearest command when one is unknown", async () => {
  const { code, err } = await runCli(["help", "docter"]);
  assert.equal(code, 1);
  assert.match(err, /^error: unknown command 'docter'; did you mean 'doctor'\?\n$/);
  assert.equal((await runCli(["help"])).code, 0);
});

Deno.test("nothing that is printed has colours or other control sequences", async () => {
  for (const args of [["--help"], ["help", "check"], ["check"], ["version"], ["chekc"]]) {
    const { out, err } = await runCli(args, { terminal: true });
    // deno-lint-ignore no-control-regex -- that is what must not be there
    assert.doesNotMatch(out + err, /\x1b/, args.join(" "));
  }
});

Deno.test("check accepts a valid file, named either way, and names its sites", async () => {
  for (
    const args of [["check"], ["check", "x.yaml"], ["check", "-c", "x.yaml"], [
      "--config.file",
      "x.yaml",
      "check",
    ]]
  ) {
    const config = args.length > 1 ? "nonsense" : VALID;
    const { code, out, served } = await runCli(args, {
      config,
      files: { "/work-dir/x.yaml": VALID },
    });
    assert.equal(code, 0, args.join(" "));
    assert.match(out, /valid; sites: a/);
    assert.equal(served.length, 0);
  }
});

Deno.test("check lists every problem with its place and ends with 1", async () => {
  const bad = VALID.replace("9440", "99999").replace("apiKey: k", "apiKey: ''");
  const { code, err } = await runCli(["check"], { config: bad });
  assert.equal(code, 1);
  assert.match(err, /config\.yaml:2:\d+: server\.port/);
  assert.match(err, /config\.yaml:3:\d+: nbuservers\[0\]\.apiKey/);
});

Deno.test("check shows a misspelt key beside the error that it causes", async () => {
  const { code, err } = await runCli(["check"], { config: VALID.replace("host:", "hst:") });
  assert.equal(code, 1);
  assert.match(err, /nbuservers\[0\]\.host/);
  assert.match(err, /config\.yaml:3:\d+: warning: unknown key "nbuservers\[0\]\.hst".*"host"/);
});

Deno.test("check warns about an unknown key, and with --strict refuses it", async () => {
  const config = VALID.replace("apiKey: k", "apiKey: k, apiKeyy: 1");
  const lenient = await runCli(["check"], { config });
  assert.equal(lenient.code, 0);
  assert.match(lenient.err, /config\.yaml:3:\d+: warning: .*apiKeyy/);
  assert.equal((await runCli(["check", "--strict"], { config })).code, 1);
  assert.equal((await runCli(["check", "--strict"])).code, 0);
});

Deno.test("main() check shows no control characters of a site's name", async () => {
  const config = 'nbuservers: [{site: "a\\e[31m", host: a.example.com, apiKey: k}]';
  const { code, out, err } = await runCli(["check"], { config });
  assert.equal(code, 0);
  assert.match(out, /sites: "a\\u001b\[31m"/);
  // deno-lint-ignore no-control-regex -- that is what must not be there
  assert.doesNotMatch(out + err, /\x1b/);
});
