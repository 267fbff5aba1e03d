/**
 * Files of users of the Go exporter: what starts there starts here, and means the same.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { eventually, freePort, startExporter, withDirectory } from "./harness.ts";
import { runProgram } from "./program.ts";

/** Lines of a `.env` file, each of a variable of its own, and the value that godotenv gives. */
const DOTENV: readonly (readonly [string, string])[] = [
  ["V0=a#b", "a#b"],
  ["V1=a #b", "a"],
  ["V2=x${V0}y", "xa#by"],
  ['V3="p${V0}q"', "pa#bq"],
  ["V4=$V1", "a"],
  ["V5: colon", "colon"],
  ["V6='${V0}'", "${V0}"],
  ["export V7=exported", "exported"],
  ["V8=${OUTER}", "of the process"],
];

Deno.test("a .env file is read by the rules of godotenv", async () => {
  await withDirectory(async (directory) => {
    await Deno.writeTextFile(join(directory, ".env"), DOTENV.map(([line]) => `${line}\n`).join(""));
    const sites = DOTENV.map((_, index) =>
      `  - {site: "\${V${index}} ${index}", host: h, apiKey: k}`
    );
    const file = join(directory, "config.yaml");
    await Deno.writeTextFile(file, `nbuservers:\n${sites.join("\n")}\n`);
    const env = { OUTER: "of the process" };
    const { code, out, err } = await runProgram(["check", file], { directory, env });
    assert.equal(code, 0, err);
    const names = DOTENV.map(([, value], index) => `${value} ${index}`);
    assert.ok(out.endsWith(`sites: ${names.join(", ")}\n`), out);
  });
});

/** A site with what is harmless and odd. */
const ODD_SITES = [
  '{insecureSkipVerify: ""}',
  '{insecureSkipVerify: "${EMPTY}"}',
  "{insecureSkipVerify: t}",
  "{insecureSkipVerify: T}",
  "{insecureSkipVerify: f}",
  "{insecureSkipVerify: F}",
  "{port: 01556}",
  '{apiVersion: "3.0"}',
  '{apiVersion: "9.0"}',
  '{apiVersion: "15.0"}',
];

function oddConfig(port: number): string {
  const sites = ODD_SITES.map((settings, index) =>
    `  - {site: s${index}, host: 127.0.0.1, scheme: http, apiKey: k, ${settings.slice(1)}`
  );
  return `server:
  port: 0${port}
  host: 127.0.0.1
  collectionInterval: ""
  cacheTTL: "\${EMPTY}"
nbuservers:
${sites.join("\n")}
---
second: document
`;
}

Deno.test("what the Go exporter starts with starts, with a warning for each thing that is odd", async () => {
  await withDirectory(async (directory) => {
    const config = oddConfig(freePort());
    const exporter = await startExporter({ config, directory, env: { EMPTY: "" } });
    try {
      const { text } = await exporter.get("/sd");
      assert.equal(JSON.parse(text).length, ODD_SITES.length, "a target for each site");
      const words = [
        "server.port begins with 0 and is read as decimal",
        "server.collectionInterval is empty, so 5m is used",
        "server.cacheTTL is empty, so 5m is used",
        "nbuservers[0].insecureSkipVerify is empty, so false is used",
        "nbuservers[1].insecureSkipVerify is empty, so false is used",
        "nbuservers[6].port begins with 0 and is read as decimal",
        "nbuservers[7].apiVersion is not tested with this exporter",
        "nbuservers[8].apiVersion is not tested with this exporter",
        "nbuservers[9].apiVersion is not tested with this exporter",
        "only the first document of the file is read",
      ];
      for (const text of words) {
        assert.match(exporter.log(), new RegExp(`level=warn msg="${escaped(text)}`), text);
      }
      assert.equal((await exporter.stop()).code, 0);
    } finally {
      await exporter.stop();
    }
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.[\]]/g, "\\$&");
}

for (const [name, encode] of [["UTF-16LE", utf16("le")], ["UTF-16BE", utf16("be")]] as const) {
  Deno.test(`a configuration in ${name} with a mark starts the program`, async () => {
    await withDirectory(async (directory) => {
      const port = freePort();
      const file = join(directory, "utf16.yaml");
      const text = `server: {port: ${port}, host: 127.0.0.1}\n` +
        "nbuservers: [{site: Zürich, host: 127.0.0.1, port: 9, scheme: http, apiKey: k}]\n";
      await Deno.writeFile(file, encode(text));
      const config = { server: { port } };
      const exporter = await startExporter({ config, directory, args: ["--config", file] });
      try {
        assert.match((await exporter.get("/sd")).text, /Zürich/);
      } finally {
        await exporter.stop();
      }
    });
  });
}

function utf16(order: "le" | "be"): (text: string) => Uint8Array {
  return (text) => {
    const units = [0xfeff, ...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))];
    const view = new DataView(new ArrayBuffer(2 * units.length));
    units.forEach((unit, index) => view.setUint16(2 * index, unit, order === "le"));
    return new Uint8Array(view.buffer);
  };
}

/** What cannot be guessed is refused; docs/migration.md says so. */
const REFUSED: readonly (readonly [string, RegExp])[] = [
  ["server: {collectionInterval: 5x}", /collectionInterval: found "5x", expected a duration/],
  ["server: {collectionInterval: 5ms}", /found "5ms", expected a duration of 1s or more/],
  ["server: {uri: /}", /is the status page/],
  ["server: {port: 9440, port: 9441}", /duplicate key, first on line 1/],
];

Deno.test("what cannot be guessed is refused by the program, with its place", async () => {
  await withDirectory(async (directory) => {
    const file = join(directory, "config.yaml");
    for (const [line, message] of REFUSED) {
      const text = `${line}\nnbuservers: [{site: a, host: h, apiKey: k}]\n`;
      await Deno.writeTextFile(file, text);
      const { code, err } = await runProgram(["--config", file], { directory });
      assert.equal(code, 1, line);
      assert.match(err, /config\.yaml:1:\d+: /);
      assert.match(err, message);
    }
    const never = "nbuservers: [{site: a, host: h, apiKey: k, apiVersion: v14.0}]\n";
    await Deno.writeTextFile(file, never);
    assert.match((await runProgram(["check", file], { directory })).err, /an API version such as/);
  });
});

Deno.test("relative names of log file and state start from the folder of the configuration", async () => {
  await withDirectory(async (directory) => {
    const etc = join(directory, "etc");
    await Deno.mkdir(join(etc, "log"), { recursive: true });
    const file = join(etc, "config.yaml");
    const port = freePort();
    const config = {
      server: { port, host: "127.0.0.1", logName: "log/nbu.log" },
      state: { directory: "state" },
      nbuservers: [{ site: "a", scheme: "http", host: "127.0.0.1", port: 9, apiKey: "k" }],
    };
    await Deno.writeTextFile(file, JSON.stringify(config));
    const working = join(directory, "elsewhere");
    const args = ["--config", file];
    const exporter = await startExporter({ config, directory: working, args });
    try {
      await eventually(
        "it logs there",
        async () => (await Deno.readTextFile(join(etc, "log/nbu.log"))).includes("msg=starting"),
      );
      assert.ok((await Deno.stat(join(etc, "state"))).isDirectory);
      const here = await Array.fromAsync(Deno.readDir(working), ({ name }) => name);
      assert.deepEqual(here, ["config.yaml"], "nothing is made in the working directory");
    } finally {
      await exporter.stop();
    }
  });
});
