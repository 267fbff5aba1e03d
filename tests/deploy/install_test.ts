/** `deploy/install.sh` below a folder of its own: without root, without a service. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { isInstalled } from "../../scripts/command.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { makeCertificates } from "../testing/certificates.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";
import { exporterCommand, withDirectory } from "../e2e/harness.ts";

const SCRIPT = new URL("../../deploy/install.sh", import.meta.url).pathname;
const KEY = "A1uMjmj93mrpsW9q";

const tools = await Promise.all(["curl", "openssl"].map(isInstalled));
const noInstall = skipped(
  "install.sh below a folder of its own",
  unlessOn("linux", "darwin") ??
    (tools.every(Boolean) ? undefined : "curl or openssl is not installed"),
);

interface World {
  /** Where all of it goes. */
  readonly prefix: string;
  /** Arguments for a first installation that nobody has to answer questions of. */
  readonly first: readonly string[];
  /** Files for the tests. */
  readonly directory: string;
  install(...args: readonly string[]): Promise<{ code: number; text: string }>;
}

function installTest(name: string, body: (world: World) => Promise<void>): void {
  Deno.test({ name, ignore: noInstall, fn: () => withWorld(body) });
}

async function withWorld(body: (world: World) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    const made = await makeCertificates(directory);
    const caCertificate = await Deno.readTextFile(made.caFile);
    const primary = await createSimulator({ apiKey: KEY, caCertificate }).start({
      hostname: "127.0.0.1",
      tls: {
        cert: await Deno.readTextFile(made.serverCertFile),
        key: await Deno.readTextFile(made.serverKeyFile),
      },
    });
    const binary = join(directory, "program");
    const command = exporterCommand().map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(binary, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
    const keyFile = join(directory, "api.key");
    await Deno.writeTextFile(keyFile, `${KEY}\n`);
    const prefix = join(directory, "root");
    const { stdout } = await new Deno.Command("openssl", {
      args: ["x509", "-in", made.caFile, "-noout", "-fingerprint", "-sha256"],
    }).output();
    const fingerprint = new TextDecoder().decode(stdout).trim().replace(/.*=/, "").toLowerCase();
    try {
      await body({
        prefix,
        directory,
        first: [
          ...["--site", "berlin", "--host", "localhost", "--port", String(primary.port)],
          ...["--key-file", keyFile, "--fingerprint", fingerprint],
        ],
        async install(...args) {
          const output = await new Deno.Command("sh", {
            args: [SCRIPT, "--prefix", prefix, "--binary", binary, ...args],
            env: { NO_COLOR: "1" },
            stdin: "null",
          }).output();
          const decoder = new TextDecoder();
          const text = decoder.decode(output.stdout) + decoder.decode(output.stderr);
          return { code: output.code, text };
        },
      });
    } finally {
      await primary.close();
    }
  });
}

async function modeOf(path: string): Promise<string> {
  return ((await Deno.stat(path)).mode ?? 0).toString(8).slice(-3);
}

/** All files below a folder, with their contents; caches and state apart. */
async function snapshot(directory: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const visit = async (path: string) => {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      const inner = join(path, name);
      if (isDirectory) await visit(inner);
      else files.set(inner.slice(directory.length), await Deno.readTextFile(inner));
    }
  };
  await visit(directory).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  return files;
}

installTest(
  "install.sh installs what doctor finds healthy, and a second run changes nothing",
  async (world) => {
    const { prefix, first, install } = world;
    const { code, text } = await install(...first);
    assert.equal(code, 0, text);
    assert.match(text, /subject=CN = Test NetBackup CA/);
    assert.match(text, /1 of 1 sites passed/);
    assert.ok(!text.includes(KEY), "the key is not shown");
    const etc = join(prefix, "etc/nbu_exporter");
    const config = await Deno.readTextFile(join(etc, "config.yaml"));
    assert.match(config, /site: "berlin"\n {4}host: "localhost"/);
    assert.ok(config.includes(`apiKeyFile: ${etc}/berlin.key`));
    assert.equal(await Deno.readTextFile(join(etc, "berlin.key")), `${KEY}\n`);
    const modes = ["", "berlin.key", "config.yaml", "berlin-ca.pem"].map((name) =>
      modeOf(join(etc, name))
    );
    assert.deepEqual(await Promise.all(modes), ["750", "640", "640", "644"]);
    assert.equal(await modeOf(join(prefix, "usr/local/bin/nbu_exporter")), "755");
    assert.equal(await modeOf(join(prefix, "var/lib/nbu_exporter")), "700");
    const unit = await Deno.readTextFile(join(prefix, "etc/systemd/system/nbu_exporter.service"));
    assert.ok(unit.includes(`exec ${prefix}/usr/local/bin/nbu_exporter --config ${etc}/`));
    assert.doesNotMatch(
      unit.replaceAll(/^(#|Documentation=).*$/gm, ""),
      /[= ]\/(usr\/local|etc)\//,
    );

    const before = await snapshot(prefix);
    const again = await install();
    assert.equal(again.code, 0, again.text);
    assert.deepEqual(await snapshot(prefix), before);
    const withSite = await install(...first);
    assert.equal(withSite.code, 0, withSite.text);
    assert.deepEqual(await snapshot(prefix), before);
  },
);

installTest(
  "install.sh --uninstall puts back what was there, and --purge leaves nothing of its own",
  async (world) => {
    const { prefix, first, install } = world;
    const etc = join(prefix, "etc/nbu_exporter");
    const program = join(prefix, "usr/local/bin/nbu_exporter");
    const unit = join(prefix, "etc/systemd/system/nbu_exporter.service");
    await Deno.mkdir(join(prefix, "usr/local/bin"), { recursive: true });
    await Deno.mkdir(join(prefix, "etc/systemd/system"), { recursive: true });
    await Deno.writeTextFile(program, "the Go exporter\n");
    await Deno.writeTextFile(unit, "its unit\n");
    const before = await snapshot(prefix);
    for (const _ of [1, 2]) {
      const { code, text } = await install(...first);
      assert.equal(code, 0, text);
      assert.equal(await Deno.readTextFile(`${program}.before-install`), "the Go exporter\n");
    }
    await Deno.writeTextFile(join(etc, "other"), "not ours\n");
    const left = await install("--uninstall");
    assert.equal(left.code, 0, left.text);
    assert.equal(await Deno.readTextFile(program), "the Go exporter\n");
    assert.equal(await Deno.readTextFile(unit), "its unit\n");
    assert.equal(await Deno.readTextFile(join(etc, "berlin.key")), `${KEY}\n`, "it is still there");
    assert.equal((await install(...first)).code, 0);
    const purged = await install("--uninstall", "--purge");
    assert.equal(purged.code, 0, purged.text);
    assert.match(purged.text, /left: \S+\/etc\/nbu_exporter, with files that were not made here/);
    await Deno.remove(etc, { recursive: true });
    assert.deepEqual(await snapshot(prefix), before);
    const nothing = await install("--uninstall");
    assert.equal(nothing.code, 1);
    assert.match(nothing.text, /nothing is installed/);
  },
);

installTest(
  "install.sh keeps a configuration that is there, and never purges it",
  async (world) => {
    const { prefix, first, install } = world;
    const etc = join(prefix, "etc/nbu_exporter");
    await Deno.mkdir(etc, { recursive: true });
    const port = first[first.indexOf("--port") + 1];
    const config = `nbuserver:
  host: localhost
  port: ${port}
  scheme: https
  apiKey: "\${NBU1_APIKEY}"
  insecureSkipVerify: true
`;
    await Deno.writeTextFile(join(etc, "config.yaml"), config);
    const environment = `# keys\n\nNBU1_APIKEY="${KEY}"\n$(touch ${prefix}/executed)\nX=$(id)\n`;
    await Deno.writeTextFile(join(etc, "nbu_exporter.env"), environment);
    const { code, text } = await install();
    assert.equal(code, 0, text);
    assert.match(text, /kept: \S+config\.yaml/);
    assert.match(text, /1 of 1 sites passed/);
    await assert.rejects(Deno.stat(join(prefix, "executed")), "the file is read, not executed");
    assert.equal((await install("--uninstall", "--purge")).code, 0);
    assert.equal(await Deno.readTextFile(join(etc, "config.yaml")), config);
    assert.equal(await Deno.readTextFile(join(etc, "nbu_exporter.env")), environment);
  },
);

installTest(
  "install.sh changes nothing when something is missing or not confirmed",
  async (world) => {
    const { prefix, first, install, directory } = world;
    const without = (flag: string, ...others: readonly string[]) => {
      const at = first.indexOf(flag);
      return [...first.slice(0, at), ...first.slice(at + 2), ...others];
    };
    await Deno.writeTextFile(join(directory, "empty"), " \n");
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [[], 2, /--site and --host are needed/],
      [without("--site"), 2, /--site and --host are needed/],
      [without("--site", "--site", "a b"), 2, /may hold letters/],
      [without("--port", "--port", "x"), 2, /no number/],
      [without("--port", "--port", "1"), 1, /cannot fetch https:\/\/localhost:1\//],
      [without("--fingerprint"), 1, /nobody is there to confirm/],
      [
        without("--fingerprint", "--fingerprint", "ab:cd"),
        1,
        /--fingerprint does not name [0-9A-F:]+/,
      ],
      [without("--key-file"), 1, /nobody is there to type/],
      [without("--key-file", "--key-file", join(directory, "empty")), 1, /the API key is empty/],
      [[...first, "--binary", "/nonexistent"], 1, /there is no executable/],
      [[...first, "--colour"], 2, /unknown option "--colour"/],
      [[...first, "--purge"], 2, /goes with --uninstall only/],
      [["--site"], 2, /--site needs a value/],
    ];
    for (const [args, code, message] of cases) {
      const ended = await install(...args);
      assert.equal(ended.code, code, `${args.join(" ")}: ${ended.text}`);
      assert.match(ended.text, message);
      assert.equal((await snapshot(prefix)).size, 0, args.join(" "));
    }
  },
);

installTest("install.sh says what doctor has found, and does not call that done", async (world) => {
  const { first, install, directory } = world;
  const wrong = join(directory, "wrong");
  await Deno.writeTextFile(wrong, "a key that nobody knows\n");
  const args = [...first];
  args[args.indexOf("--key-file") + 1] = wrong;
  const { code, text } = await install(...args);
  assert.equal(code, 1);
  assert.match(text, /FAIL[^]*doctor has found something to correct/);
  assert.doesNotMatch(text, /^done$/m);
});
