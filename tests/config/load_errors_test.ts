import assert from "node:assert/strict";
import { COLLECTOR_SECTIONS } from "../../src/collectors/sections.ts";
import { ABSENT } from "../../src/config/file/fingerprint.ts";
import { ConfigError, formatConfigError } from "../../src/config/errors.ts";
import { loadConfig } from "../../src/config/load.ts";
import { loadError, memoryEnvironment, problems, siteText } from "./memory_environment.ts";

Deno.test("loadConfig() tells all problems at once, each with its place, found and expected", async () => {
  const error = await loadError(`server:
  port: 99999
  cacheTTL: 5
nbuservers:
- site: a
  host: h:1556
  apiKey: k
- host: b
  port: x
logging:
  level: loud
`);
  const found = error.issues.map((issue) => {
    const { line, column, key, found } = issue;
    return { place: `${line}:${column}`, key, found };
  });
  assert.deepEqual(found, [
    { place: "2:9", key: "server.port", found: '"99999"' },
    { place: "3:13", key: "server.cacheTTL", found: '"5"' },
    { place: "6:9", key: "nbuservers[0].host", found: '"h:1556"' },
    { place: "8:3", key: "nbuservers[1].site", found: "nothing" },
    { place: "8:3", key: "nbuservers[1].apiKey", found: "nothing" },
    { place: "9:9", key: "nbuservers[1].port", found: '"x"' },
    { place: "11:10", key: "logging.level", found: '"loud"' },
  ]);
  assert.ok(error.issues.every(({ file }) => file === "/etc/nbu/config.yaml"));
  assert.equal(error.issues[6]?.expected, "debug or info or warning or error");
});

Deno.test("formatConfigError() prints one line per problem", async () => {
  const error = await loadError(siteText(["port: 99999", "timeout: 0"]));
  assert.equal(
    formatConfigError(error),
    '/etc/nbu/config.yaml:3:11: nbuservers[0].port: found "99999", expected a whole number from 1 to 65535\n' +
      '/etc/nbu/config.yaml:4:14: nbuservers[0].timeout: found "0", expected a duration above 0 and at ' +
      'most 24h such as "30s", "5m" or "1h30m"',
  );
  assert.ok(error.message.includes("nbuservers[0].port"));
});

/** Lines of a site, and what is said about them. */
const BAD_SITES: readonly (readonly [string, RegExp])[] = [
  ["port: 0", /^3:11 nbuservers\[0\]\.port: found "0", expected a whole number from 1 to 65535$/],
  ["port: 65536", /found "65536"/],
  ["port: -1", /found "-1"/],
  ["port: 1.5", /found "1\.5"/],
  ["port: 0x10", /found "0x10"/],
  ['port: ""', /found ""/],
  ["port: [1556]", /found a list, expected a whole number/],
  ["scheme: ftp", /found "ftp", expected https or http/],
  ["host: https://h", /leave the scheme to the key scheme/],
  ["host: h:1556", /leave the port to the key port/],
  ["host: h/x", /it has a path in it/],
  ["host: user:s3cret@h", /found \[redacted\], .*it has a user name in it/],
  ["host: A1uMjmj93mrpsW9qTESTKEYdonotshow/", /found \[redacted\]/],
  ["host: xn--a", /^3:11 nbuservers\[0\]\.host: found "xn--a", .*internationalized name/],
  ['host: "a b"', /it has a space in it/],
  ["host: a..b", /no host name has/],
  ["host: -a", /no host name has/],
  ["host: 10.0.0.256", /not a complete IPv4 address/],
  ["host: 10.1", /not a complete IPv4 address/],
  ['host: "fe80::1%eth0"', /has a zone in it/],
  ['host: "1::2::3"', /no host name has/],
  ['host: ""', /it is empty/],
  ["host: {a: b}", /found a mapping, expected a host name/],
  ["uri: netbackup", /does not begin with \//],
  ["uri: /a?b", /query or a fragment/],
  ["uri: /a/../b", /plain form/],
  ["apiVersion: 14", /found "14", expected an API version such as "14\.0"/],
  ["apiVersion: v14.0", /expected an API version/],
  ["apiVersion: 0.9", /the first version was 1\.0/],
  ["insecureSkipVerify: maybe", /found "maybe", expected true or false/],
  ["timeout: 5", /a number has no unit/],
  ["timeout: -5s", /expected a duration above 0/],
  ["timeout: 25h", /at most 24h/],
  ["maxConcurrentRequests: 0", /a whole number from 1 to 1000/],
  ["retry: 3", /found a single value, expected a mapping/],
  ["retry: {maxAttempts: 0}", /nbuservers\[0\]\.retry\.maxAttempts: found "0"/],
  [
    "retry: {minWait: 90s}",
    /retry\.minWait: found "90s", expected a duration that is not above retry\.maxWait \(60s/,
  ],
  ["retry: {minWait: 2s, maxWait: 1s}", /retry\.minWait/],
  [
    "retry: {maxWait: 1s}",
    /retry\.maxWait: found "1s", expected a duration that is not below retry\.minWait \(5s/,
  ],
  [
    "proxy: proxy:3128",
    /^3:12 nbuservers\[0\]\.proxy: found \[redacted\], expected a URL of a proxy/,
  ],
  ["proxy: ftp://proxy", /expected a URL of a proxy/],
  ["proxy: 'http://u:%zz@proxy:3128'", /found \[redacted\], .*write % in its user name/],
  [
    'apiKey: ""',
    /apiKey: found \[redacted\], expected an API key in printable ASCII \(it is empty\)/,
  ],
  ['apiKey: "a\\nb"', /it has a line break in it/],
  ["apiKey: clé", /not printable ASCII/],
  ["apiKey: [a]", /apiKey: found a list/],
];

Deno.test("loadConfig() refuses bad values of a site", async () => {
  for (const [line, message] of BAD_SITES) {
    const found = await problems(siteText([line]));
    assert.equal(found.length, 1, `${line}: ${found.join("; ")}`);
    assert.match(found[0] ?? "", message, line);
  }
});

const BAD_TOPS: readonly (readonly [string, RegExp])[] = [
  ["server: {uri: metrics}", /server\.uri: .*does not begin with \//],
  ["server: {uri: /}", /is the status page/],
  ["server: {uri: //}", /is the status page/],
  ["server: {uri: /health}", /exporter's own/],
  ["server: {uri: /health/}", /exporter's own/],
  ["server: {uri: /-/ready}", /exporter's own/],
  ["server: {uri: /-/anything}", /exporter's own/],
  ["server: {uri: /-}", /exporter's own/],
  ['server: {uri: "/a b"}', /space/],
  ["server: {uri: /a#b}", /fragment/],
  ['server: {uri: "/:site"}', /meaning for the router/],
  ['server: {uri: "/*"}', /meaning for the router/],
  ['server: {uri: "/{a}"}', /meaning for the router/],
  ["server: {uri: /é}", /character no path has/],
  ["server: {uri: //a}", /plain form/],
  ["server: {host: http://x}", /server\.host.*scheme/],
  ["server: {scrapingInterval: 0}", /expected a duration above 0/],
  ["server: {collectionInterval: 0s}", /expected a duration of 1s or more/],
  ["server: {collectionInterval: 5ms}", /found "5ms", expected a duration of 1s or more/],
  ["server: {collectionInterval: 999ms}", /expected a duration of 1s or more/],
  ["server: {collectionInterval: soon}", /expected a duration of 1s or more/],
  ["collectors: {jobs: {interval: 5ms}}", /interval: found "5ms", expected a duration of 1s/],
  ["server: {cacheTTL: -1s}", /expected a duration of 0 or more/],
  ["server: text", /server: found a single value, expected a mapping/],
  ["server: [a]", /server: found a list, expected a mapping/],
  ["logging: {format: xml}", /text or json/],
  ["opentelemetry: {enabled: true}", /opentelemetry\.endpoint: found nothing, expected host:port/],
  ["opentelemetry: {enabled: true, endpoint: nowhere}", /expected host:port/],
  ["opentelemetry: {enabled: true, endpoint: 'a:0'}", /expected host:port/],
  ["opentelemetry: {enabled: true, endpoint: ':4317'}", /expected host:port/],
  ["opentelemetry: {enabled: true, endpoint: 'a:1', samplingRate: 2}", /a number from 0 to 1/],
  ["opentelemetry: {protocol: http/json}", /found "http\/json", expected grpc or http\/protobuf/],
  ["opentelemetry: {headers: s3cret}", /found \[redacted\], expected headers .*has no name/],
  ["opentelemetry: {headers: 'a=%'}", /write % in a value as %25/],
  ["opentelemetry: {headers: 'a='}", /a value is not a text in printable ASCII/],
  ["opentelemetry: {headers: 'a=%0D%0Ab: c'}", /a value is not a text in printable/],
  ["opentelemetry: {caFile: gone.pem}", /opentelemetry\.caFile: .*there is no such file/],
  ["opentelemetry: {samplingRate: much}", /found "much", expected a number/],
  ["collectors: {tape: {enabled: 2}}", /collectors\.tape\.enabled: found "2"/],
  ["collectors: {tape: true}", /collectors\.tape: found a single value, expected a mapping/],
  [
    "collectors: {perClient: {allowlist: db01}}",
    /found a single value, expected a list of client names/,
  ],
  ["collectors: {perClient: {allowlist: [a, ~]}}", /allowlist\[1\]: found nothing/],
];

Deno.test("loadConfig() refuses bad values elsewhere", async () => {
  for (const [line, message] of BAD_TOPS) {
    const found = await problems(siteText([], [line]));
    assert.equal(found.length, 1, `${line}: ${found.join("; ")}`);
    assert.match(found[0] ?? "", message, line);
  }
});

Deno.test("loadConfig() wants a primary", async () => {
  const wanted =
    /nbuservers: found (nothing|an empty list), expected at least one NetBackup primary/;
  for (const text of ["server: {}\n", "nbuservers:\n", "nbuservers: []\n"]) {
    const found = await problems(text);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", wanted);
  }
  assert.match(
    (await problems("nbuservers: {site: a}\n")).join(),
    /found a mapping, expected a list/,
  );
  assert.match(
    (await problems("nbuservers: [~, []]\n")).join(),
    /\[0\]: found nothing.*\[1\]: found a list/,
  );
});

Deno.test("loadConfig() wants exactly one of apiKey and apiKeyFile", async () => {
  const neither = "nbuservers: [{site: a, host: h}]\n";
  assert.match(
    (await problems(neither)).join(),
    /apiKey: found nothing, expected an API key, in apiKey or/,
  );
  const both = siteText(["apiKey: k", "apiKeyFile: key"]);
  const found = await problems(both, { files: { "/etc/nbu/key": "k" } });
  assert.deepEqual(found, [
    '4:17 nbuservers[0].apiKeyFile: found "key", expected apiKey or apiKeyFile, not both',
  ]);
});

Deno.test("loadConfig() wants names of their own for the sites, and tells both lines", async () => {
  const found = await problems(
    'nbuservers:\n- {site: a, host: h, apiKey: k}\n- {site: b, host: h, apiKey: k}\n- {site: "a", host: i, apiKey: k}\n',
  );
  assert.deepEqual(found, [
    '4:10 nbuservers[2].site: found "a", expected a name that no other site has (nbuservers[0].site on line 2 is the same)',
  ]);
  const blank = await problems('nbuservers: [{site: " ", host: h, apiKey: k}]\n');
  assert.match(
    blank.join(),
    /site: found " ", expected a name of its own for the primary \(it is empty\)/,
  );
});

Deno.test("loadConfig() validates the single block although the list is collected", async () => {
  const found = await problems(siteText([], ["nbuserver: {host: h, port: 0}"]));
  assert.equal(found.length, 2);
  assert.match(found.join(), /nbuserver\.apiKey/);
  assert.match(found.join(), /nbuserver\.port/);
});

Deno.test("loadConfig() names all variables that are not set, once per place", async () => {
  const error = await loadError(
    siteText(["host: ${A}.${B}.${A}", "apiKey: ${C}"], [
      "collectors: {perClient: {allowlist: [ok, '${D}']}}",
    ]),
    { variables: { B: "b" } },
  );
  assert.deepEqual(error.issues.map(({ key, message, found }) => [key, message, found]), [
    [
      "collectors.perClient.allowlist[1]",
      'environment variable "D" is not set; set it or use a .env file',
      '"${D}"',
    ],
    [
      "nbuservers[0].host",
      'environment variable "A" is not set; set it or use a .env file',
      '"${A}.${B}.${A}"',
    ],
    [
      "nbuservers[0].apiKey",
      'environment variable "C" is not set; set it or use a .env file',
      "[redacted]",
    ],
  ]);
  const two = await loadError(siteText(["host: ${A}.${B}"]), {
    files: { "/etc/nbu/.env": new Deno.errors.PermissionDenied("no") },
  });
  assert.deepEqual(two.issues.map(({ message }) => message), [
    'environment variables "A", "B" are not set; set them or use a .env file ' +
    '("/etc/nbu/.env" cannot be read: the permission to read it is missing)',
  ]);
});

Deno.test("loadConfig() never shows a value that came from a variable", async () => {
  const variables = { PORT: "s3cret", K: "s3cret value", TIME: "5m s3cret", DIR: "/s3cret" };
  const found = await problems(
    siteText([
      "port: ${PORT}",
      "host: ${K}",
      "timeout: ${TIME}",
      "caFile: ${DIR}/ca.pem",
      "scheme: ${K}",
    ]),
    { variables },
  );
  assert.equal(found.length, 5);
  assert.match(found[0] ?? "", /port: found \[redacted\] \(from \$\{PORT\}\), expected a whole/);
  assert.match(found[3] ?? "", /caFile: found \[redacted\] \(from \$\{DIR\}\), .*no such file/);
  assert.ok(!found.join().includes("s3cret"), found.join("\n"));
});

Deno.test("loadConfig() shortens long values", async () => {
  const [found] = await problems(siteText([`scheme: ${"x ".repeat(2500)}`]));
  assert.ok((found ?? "").length < 200);
});

Deno.test("loadConfig() tells a file that is missing or cannot be read", async () => {
  const reasons: readonly (readonly [Error | undefined, RegExp])[] = [
    [undefined, /^nbu\.yaml: cannot read the configuration: there is no such file$/],
    [new Deno.errors.PermissionDenied("no"), /the permission to read it is missing/],
    [new Deno.errors.IsADirectory("no"), /it is a directory/],
    [new Deno.errors.NotCapable("no"), /without --allow-read/],
    [new Error("disk on fire"), /disk on fire/],
  ];
  for (const [reason, message] of reasons) {
    const files: Record<string, Error> = reason ? { "/work-dir/nbu.yaml": reason } : {};
    await assert.rejects(
      loadConfig("nbu.yaml", memoryEnvironment({ files }), COLLECTOR_SECTIONS),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(formatConfigError(error), message);
        assert.deepEqual(error.files, ["/work-dir/nbu.yaml"]);
        return true;
      },
    );
  }
});

Deno.test("loadConfig() tells what is no configuration at all", async () => {
  assert.deepEqual(await problems(""), ["undefined:undefined : the file is empty"]);
  assert.deepEqual(await problems("# only a comment\n"), [
    "undefined:undefined : the file is empty",
  ]);
  assert.match((await problems("- a\n- b\n")).join(), /^1:1 : found a list, expected a mapping$/);
  assert.match(
    (await problems("text\n")).join(),
    /^1:1 : found a single value, expected a mapping$/,
  );
  assert.match((await problems("a: b: c\n")).join(), /^1:4 : not valid YAML/);
  // UTF-16 without a mark.
  assert.match(
    (await problems("a\0:\0 \0b\0")).join(),
    /contains NUL characters; save it as UTF-8/,
  );
});

Deno.test("loadConfig() tells duplicate keys together with other problems", async () => {
  const found = await problems(siteText(["port: 1", "port: 2", "scheme: x"]));
  assert.deepEqual(found, [
    "4:5 nbuservers[0].port: duplicate key, first on line 3",
    '5:13 nbuservers[0].scheme: found "x", expected https or http',
  ]);
});

Deno.test("ConfigError lists the files a cure may come from, also those that are missing", async () => {
  const error = await loadError(siteText(["caFile: ca.pem", "apiKeyFile: /run/key"]), {
    files: { "/run/key": "k" },
  });
  assert.deepEqual(error.files, ["/etc/nbu/config.yaml", "/etc/nbu/ca.pem", "/run/key"]);
  assert.deepEqual([...error.fingerprints.keys()], error.files);
  // So that its making is a change, however soon it comes.
  assert.equal(error.fingerprints.get("/etc/nbu/ca.pem"), ABSENT);
});

Deno.test("loadConfig() refuses a proxy for a site whose certificate is not verified", async () => {
  const lines = ["apiKey: k", "proxy: http://proxy:3128", "insecureSkipVerify: true"];
  assert.match(
    (await problems(siteText(lines))).join(),
    /proxy: found .*, expected no proxy together/,
  );
  await assert.rejects(problems(siteText([...lines, "scheme: http"])), /was accepted/);
});

Deno.test("loadConfig() tells unknown keys of a refused file too: one may be the missing key", async () => {
  const error = await loadError("nbuservers:\n- {site: a, host: h, apikey: s3cret}\n");
  assert.equal(
    formatConfigError(error),
    "/etc/nbu/config.yaml:2:3: nbuservers[0].apiKey: found nothing, expected an API key, in apiKey " +
      "or in a file named by apiKeyFile\n" +
      '/etc/nbu/config.yaml:2:22: warning: unknown key "nbuservers[0].apikey" is ignored; ' +
      'did you mean "apiKey"?',
  );
});

Deno.test("loadConfig() ends at once when it is told to, whatever file it waits for", async () => {
  const files = { "/etc/nbu/config.yaml": siteText(["apiKeyFile: key"]), "/etc/nbu/key": "k" };
  for (const slow of ["/etc/nbu/config.yaml", "/work-dir/.env", "/etc/nbu/key"]) {
    const stop = new AbortController();
    const { readTextFile, ...rest } = memoryEnvironment({ files });
    const loading = loadConfig(
      "/etc/nbu/config.yaml",
      {
        ...rest,
        readTextFile: (path, signal) => {
          if (path !== slow) return readTextFile(path, signal);
          assert.equal(signal, stop.signal);
          stop.abort(new Error("stopping"));
          return Promise.reject(stop.signal.reason);
        },
      },
      COLLECTOR_SECTIONS,
      stop.signal,
    );
    await assert.rejects(loading, /^Error: stopping$/, slow);
  }
});

Deno.test("loadConfig() says that no file is named", async () => {
  await assert.rejects(loadConfig("", memoryEnvironment(), COLLECTOR_SECTIONS), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(formatConfigError(error), /^"": cannot read the configuration: no file is named$/);
    return true;
  });
});
