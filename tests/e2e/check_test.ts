/**
 * What `check` says of a configuration, and that the start agrees with it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { CA, CLIENT_CERTIFICATE, OTHER_KEY, TRUSTED_CERTIFICATE } from "../config/pem.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";
import { freePort, withDirectory } from "./harness.ts";
import { runProgram } from "./program.ts";

const CANARY = "A1uMjmj93mCanaryOfTheCheck";

/** One line of base64 in the middle of a certificate, broken. */
const damaged = (certificate: string) => certificate.replace(/\n(.{10})/, "\n!$1");
const withoutEnd = (certificate: string) => certificate.replace(/-----END.*\n/, "");
const GARBAGE_KEY = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

const FILES: Readonly<Record<string, string>> = {
  "client.pem": CLIENT_CERTIFICATE,
  "bad-base64.pem": damaged(CA),
  "no-end.pem": withoutEnd(CA),
  "bundle.pem": CLIENT_CERTIFICATE + damaged(CA),
  "trusted.pem": TRUSTED_CERTIFICATE,
  "other.key": OTHER_KEY,
  "garbage.key": GARBAGE_KEY,
  "a-file": "",
};

/** A configuration file, its folder, and what the two commands say of it. */
interface Trial {
  readonly directory: string;
  readonly file: string;
  readonly check: (env?: Record<string, string>) => Promise<{ code: number; output: string }>;
  /** Runs the exporter, which has to refuse to start. */
  readonly start: () => Promise<{ code: number; output: string }>;
}

async function withConfig(text: string, body: (trial: Trial) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    for (const [name, content] of Object.entries(FILES)) {
      await Deno.writeTextFile(join(directory, name), content, { mode: 0o600 });
    }
    const file = join(directory, "config.yaml");
    await Deno.writeTextFile(file, text, { mode: 0o600 });
    const run = async (args: readonly string[], env?: Record<string, string>) => {
      const { code, out, err } = await runProgram(args, { directory, ...(env && { env }) });
      return { code, output: out + err };
    };
    await body({
      directory,
      file,
      check: (env) => run(["check", file], env),
      start: () => run(["--config", file]),
    });
  });
}

/** Lines that a command printed about places in a file. */
function told(output: string, file: string): string[] {
  return output.split("\n").filter((line) => line.startsWith(`${file}:`));
}

const site = (lines: readonly string[]) =>
  `  - host: nbu.example.com\n${lines.map((line) => `    ${line}\n`).join("")}`;

/** Lines of a site that the TLS stack or the proxy would choke on, and what is said of the last. */
const SITES: readonly (readonly [readonly string[], RegExp])[] = [
  [["caFile: bad-base64.pem"], /caFile: .*the certificate is not base64/],
  [["caFile: no-end.pem"], /caFile: .*has no line -----END CERTIFICATE-----/],
  [["caFile: bundle.pem"], /caFile: .*certificate 2 of 2 is not base64/],
  [["caFile: trusted.pem"], /caFile: .*convert it with "openssl x509/],
  [["clientCertFile: client.pem", "clientKeyFile: other.key"], /clientKeyFile: .*is not the key/],
  [["clientCertFile: client.pem", "clientKeyFile: garbage.key"], /clientKeyFile: .*cannot be read/],
  [["proxy: 'http://u:%zz@proxy:3128'"], /proxy: found \[redacted\], .*write % in its user name/],
];

Deno.test("what would fail at the start is refused by check, each with file, line and key", async () => {
  const port = freePort();
  const sites = SITES.map(([lines], index) => site([`site: s${index}`, "apiKey: k", ...lines]));
  const head = `server: {port: ${port}, host: 127.0.0.1}\nnbuservers:\n`;
  await withConfig(head + sites.join(""), async ({ file, check, start }) => {
    const checked = await check();
    assert.equal(checked.code, 1);
    const lines = told(checked.output, file);
    assert.equal(lines.length, SITES.length, checked.output);
    let end = 2;
    for (const [index, [settings, message]] of SITES.entries()) {
      end += settings.length + 3;
      assert.ok(lines[index]?.startsWith(`${file}:${end}:`), `line ${end}: ${lines[index]}`);
      assert.match(lines[index] ?? "", message);
    }
    const started = await start();
    assert.equal(started.code, 1);
    assert.deepEqual(told(started.output, file), lines);
  });
});

/** What is refused beside the sites. */
const TOPS: readonly (readonly [string, RegExp])[] = [
  ["state: {directory: a-file}", /:1:20: state\.directory: .*it is not a directory/],
  ["server: {logName: nowhere/x.log}", /:1:19: server\.logName: .*its folder does not exist/],
];

for (const [line, message] of TOPS) {
  Deno.test(`check and start refuse "${line}"`, async () => {
    const text = `${line}\nnbuservers:\n${site(["site: a", "apiKey: k"])}`;
    await withConfig(text, async ({ file, check, start }) => {
      for (const { code, output } of [await check(), await start()]) {
        assert.equal(code, 1);
        assert.equal(told(output, file).length, 1, output);
        assert.match(output, message);
      }
    });
  });
}

Deno.test("check shows no credentials in a wrong place, and no value of a variable", async () => {
  const lines = [
    ["site: a", "apiKey: k", `host: "u:${CANARY}@nbu"`],
    ["site: b", "apiKey: k", "port: ${E}"],
    ["site: c", "apiKey: k", "proxy: 'ftp://u:${E}@proxy'"],
  ];
  // "host" comes twice in the first site: that is told as well.
  const text = `nbuservers:\n${lines.map(site).join("").replace("host: nbu.example.com", "x: 1")}`;
  await withConfig(text, async ({ check }) => {
    const { code, output } = await check({ E: CANARY });
    assert.equal(code, 1);
    assert.match(output, /host: found \[redacted\]/);
    assert.match(output, /port: found \[redacted\] \(from \$\{E\}\)/);
    assert.match(output, /proxy: found \[redacted\]/);
    assert.ok(!output.includes("Canary"), output);
  });
});

/** Settings that are valid and warned of, each on the last line of its site. */
const DOUBTFUL: readonly (readonly [string, RegExp])[] = [
  ["scheme: http", /sent in clear text/],
  ["port: 1", /belongs to another service/],
  ["insecureSkipVerify: true", /is not verified/],
  ["apiVersion: '9.0'", /not tested with this exporter/],
];

const DOUBTFUL_KEYS: readonly (readonly [string, RegExp])[] = [
  ["'${E'", /looks like a variable/],
  ["$E", /looks like a variable/],
  ["Bearer abc", /begins with an authorization scheme/],
  ["changeme", /looks like a placeholder/],
  ["k".repeat(1_000_000), /longer than any NetBackup API key/],
];

Deno.test("check warns of what is valid and probably not meant, with its place", async () => {
  const lines = [
    ...DOUBTFUL.map(([line]) => ["apiKey: A1uMjmj93mrpsW9q", line]),
    ...DOUBTFUL_KEYS.map(([key]) => ["uri: /netbackup", `apiKey: ${key}`]),
  ];
  const sites = lines.map((pair, index) => site([`site: s${index}`, ...pair]));
  const text = `nbuservers:\n${sites.join("")}${site(["apiKey: k", "site: 'S0 '"])}`;
  await withConfig(text, async ({ file, check }) => {
    const { code, output } = await check({ HTTPS_PROXY: "http://u:proxy-canary@proxy:3128" });
    assert.equal(code, 0, output.slice(0, 2000));
    const warnings = told(output, file).filter((line) => line.includes("warning: "));
    const messages = [...DOUBTFUL, ...DOUBTFUL_KEYS].map(([, message]) => message);
    for (const [index, message] of messages.entries()) {
      const place = `${file}:${1 + 4 * (index + 1)}:`;
      const found = warnings.filter((line) => line.startsWith(place));
      assert.ok(found.some((line) => message.test(line)), `${place} ${message}: ${found}`);
    }
    assert.match(output, /do not use the proxy of HTTPS_PROXY/);
    assert.match(output, /site "S0 " differs from another site's name/);
    assert.doesNotMatch(output, /proxy-canary|kkkkkkkkkk/);
  });
});

Deno.test({
  name: "check warns of a configuration with a key that everyone can read",
  ignore: skipped("the warning of a file that everyone can read", unlessOn("linux", "darwin")),
  async fn() {
    const text = `nbuservers:\n${site(["site: a", "apiKey: k"])}`;
    await withConfig(text, async ({ file, check }) => {
      assert.doesNotMatch((await check()).output, /warning/);
      await Deno.chmod(file, 0o644);
      const { code, output } = await check();
      assert.equal(code, 0);
      assert.match(output, /every user of this machine can read this file/);
    });
  },
});

/** Faults, where they are told, and the words. */
const WORDS: readonly (readonly [string, string, RegExp])[] = [
  [`nbuservers:\n${site(["site: a", "apiKey: k", "host2: 1"])}`, "5:5", /unknown key .*"host"\?/],
  ["nbuservers:\n  - {site: a, host: xn--a, apiKey: k}\n", "2:21", /internationalized name/],
  ["nbuservers:\n  - site: a\n    host: h\n   apiKey: k\n", "4:1", /the indentation does not fit/],
  ["nbuservers:\n  - {site: a, host: h, apikey: k}\n", "2:24", /did you mean "apiKey"\?/],
  [
    "nbuservers:\n  - {site: a, host: h, apiKey: k, retry: {maxWait: 1s}}\n",
    "2:52",
    /retry\.maxWait: .*not below retry\.minWait \(5s/,
  ],
];

for (const [text, place, words] of WORDS) {
  Deno.test(`check tells at ${place}: ${words.source}`, async () => {
    await withConfig(text, async ({ file, check }) => {
      const { output } = await check();
      const lines = told(output, file).filter((line) => line.startsWith(`${file}:${place}: `));
      assert.equal(lines.length, 1, output);
      assert.match(lines[0] ?? "", words);
    });
  });
}

Deno.test("a site's name with control characters is printed escaped", async () => {
  const name = '"a\\e[31mb"';
  const text = `nbuservers:\n${site([`site: ${name}`, "apiKey: k"])}`;
  await withConfig(text, async ({ check }) => {
    const { code, output } = await check();
    assert.equal(code, 0);
    assert.match(output, /sites: "a\\u001b\[31mb"/);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(output, /\x1b/);
  });
});

Deno.test("an empty name and a device in place of a configuration are refused in words", async () => {
  await withDirectory(async (directory) => {
    const words: readonly (readonly [string, RegExp])[] = [
      ["", /^"": cannot read the configuration: no file is named$/m],
      ["/dev/null", /^\/dev\/null: cannot read the configuration: it is not a regular file/m],
      ["/dev/stdin", /^\/dev\/stdin: cannot read the configuration: /m],
      [".", /^\.: cannot read the configuration: it is a directory/m],
    ];
    for (const [name, message] of words) {
      for (const args of [["-c", name], ["check", "-c", name]]) {
        const { code, err } = await runProgram(args, { directory });
        assert.equal(code, 1, args.join(" "));
        assert.match(err, message);
        assert.equal(err.trim().split("\n").length, 1, err);
      }
    }
  });
});
