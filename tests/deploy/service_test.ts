/** The exporter as a service: installed as the README says, under a real systemd. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createSimulator, type RunningSimulator, type Simulator } from "../simulator/simulator.ts";
import { buildPackage, type BuiltPackage } from "../e2e/_package.ts";
import { fencedBlocks } from "../_fenced_blocks.ts";
import { commandsOf, isServiceCommand } from "../_service_commands.ts";
import { eventually, freePort } from "../e2e/harness.ts";
import { makeCertificates } from "../testing/certificates.ts";
import { skipped } from "../testing/skipped.ts";
import { missingForSystemd, type OwnSystemd, startSystemd } from "./_systemd.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const KEY = "A1uMjmj93mrpsW9q";
const HEX = /SHA-256 fingerprint: ([0-9A-F:]+)/g;

const noService = skipped("the exporter as a service", await missingForSystemd());

/** Made by the first test that needs it. */
let built: BuiltPackage | undefined;

Deno.test.afterAll(async () => {
  await built?.remove();
});

interface World {
  readonly systemd: OwnSystemd;
  readonly simulator: Simulator;
  readonly primary: RunningSimulator;
  /** With the package, install.sh and the unit, as a user downloads them. */
  readonly download: string;
}

/** Runs `body` with a primary that speaks TLS, and a systemd. */
async function withWorld(body: (world: World) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_service_" });
  await Deno.chmod(directory, 0o755);
  built ??= await buildPackage();
  const certificates = await makeCertificates(directory);
  const caCert = await Deno.readTextFile(certificates.caFile);
  const simulator = createSimulator({ apiKey: KEY, caCertificate: caCert });
  const primary = await simulator.start({
    hostname: "127.0.0.1",
    tls: {
      cert: await Deno.readTextFile(certificates.serverCertFile),
      key: await Deno.readTextFile(certificates.serverKeyFile),
    },
  });
  let systemd: OwnSystemd | undefined;
  try {
    const download = join(directory, "download");
    await Deno.mkdir(download);
    await Deno.copyFile(built.file, join(download, "nbu_exporter"));
    for (const name of ["install.sh", "nbu_exporter.service"]) {
      await Deno.copyFile(join(ROOT, "deploy", name), join(download, name));
    }
    await Deno.writeTextFile(join(download, "key"), `${KEY}\n`);
    systemd = await startSystemd(directory);
    await body({ systemd, simulator, primary, download });
  } finally {
    await systemd?.close();
    await primary.close();
    await Deno.remove(directory, { recursive: true });
  }
}

function serviceTest(name: string, body: (world: World) => Promise<void>): void {
  Deno.test({ name, ignore: noService, fn: () => withWorld(body) });
}

async function ok(systemd: OwnSystemd, command: string, ...args: readonly string[]) {
  const { code, text } = await systemd.run(command, ...args);
  assert.equal(code, 0, `${command} ${args.join(" ")}: ${text}\n${await systemd.printed()}`);
  return text;
}

/** Has the service listen elsewhere: the usual port may be in use on this machine. */
async function listenOn(systemd: OwnSystemd, port: number): Promise<void> {
  const directory = "/etc/systemd/system/nbu_exporter.service.d";
  await ok(systemd, "mkdir", "-p", directory);
  const start = "/usr/local/bin/nbu_exporter --config /etc/nbu_exporter/config.yaml";
  const text = `[Service]\\nExecStart=\\nExecStart=${start} --web.listen-address=:${port}\\n`;
  await ok(systemd, "sh", "-c", `printf '${text}' > ${directory}/port.conf`);
}

async function show(systemd: OwnSystemd, property: string): Promise<string> {
  const args = ["show", "nbu_exporter", "--value", "--property", property];
  return (await ok(systemd, "systemctl", ...args)).trim();
}

serviceTest(
  "install.sh installs a service that works, twice alike, and takes it away again",
  async (world) => {
    const { systemd, primary, download } = world;
    await listenOn(systemd, freePort());
    const script = join(download, "install.sh");
    const site = ["--site", "berlin", "--host", "localhost", "--port", String(primary.port)];
    const key = ["--key-file", join(download, "key")];

    const unconfirmed = await systemd.run(script, ...site, ...key);
    assert.equal(unconfirmed.code, 1, unconfirmed.text);
    assert.match(unconfirmed.text, /subject=CN = Test NetBackup CA/);
    assert.match(unconfirmed.text, /nobody is there to confirm/);
    assert.notEqual(
      (await systemd.run("test", "-e", "/etc/nbu_exporter")).code,
      0,
      "nothing is made",
    );
    const fingerprints = [...unconfirmed.text.matchAll(HEX)].map(([, hex = ""]) => hex);
    assert.equal(fingerprints.length, 1);
    const wrong = await systemd.run(script, ...site, ...key, "--fingerprint", "00".repeat(32));
    assert.match(wrong.text, /--fingerprint does not name/);

    const confirmed = fingerprints.flatMap((hex) => ["--fingerprint", hex]);
    const installed = await ok(systemd, script, ...site, ...key, ...confirmed);
    assert.match(installed, /1 of 1 sites passed/, "doctor has run");
    assert.ok(!installed.includes(KEY));
    const facts = async (path: string) =>
      (await ok(systemd, "stat", "-c", "%U:%G %a", path)).trim();
    assert.equal(await facts("/etc/nbu_exporter"), "root:nbu_exporter 750");
    assert.equal(await facts("/etc/nbu_exporter/berlin.key"), "root:nbu_exporter 640");
    assert.equal(await facts("/etc/nbu_exporter/config.yaml"), "root:nbu_exporter 640");
    assert.equal(await facts("/usr/local/bin/nbu_exporter"), "root:root 755");

    assert.equal(await show(systemd, "ActiveState"), "active");
    assert.equal(await show(systemd, "StatusText"), "1 site");
    const pid = await show(systemd, "MainPID");
    const again = await ok(systemd, script);
    assert.match(again, /kept: \/etc\/nbu_exporter\/config\.yaml/);
    assert.equal(await show(systemd, "ActiveState"), "active");
    assert.notEqual(await show(systemd, "MainPID"), pid, "it runs what was installed last");

    assert.match(await ok(systemd, script, "--uninstall"), /left: \/etc\/nbu_exporter/);
    assert.notEqual((await systemd.run("systemctl", "is-active", "nbu_exporter")).code, 0);
    await ok(systemd, "test", "-s", "/etc/nbu_exporter/config.yaml");
    await ok(systemd, script);
    await ok(systemd, script, "--uninstall", "--purge");
    for (
      const path of [
        ...["/etc/nbu_exporter", "/var/lib/nbu_exporter", "/var/cache/nbu_exporter"],
        ...["/usr/local/bin/nbu_exporter", "/etc/systemd/system/nbu_exporter.service"],
      ]
    ) {
      assert.notEqual((await systemd.run("test", "-e", path)).code, 0, path);
    }
    assert.notEqual((await systemd.run("id", "nbu_exporter")).code, 0, "the user is gone");
  },
);

/** Installs it without a service, and gives the configuration another content. */
async function prepare({ systemd, primary, download }: World, port: number): Promise<void> {
  const script = join(download, "install.sh");
  const site = ["--site", "berlin", "--host", "localhost", "--port", String(primary.port)];
  const key = ["--key-file", join(download, "key")];
  const { text } = await systemd.run(script, ...site, ...key);
  const confirmed = [...text.matchAll(HEX)].flatMap(([, hex = ""]) => ["--fingerprint", hex]);
  await ok(systemd, script, ...site, ...key, ...confirmed, "--no-start");
  await append(systemd, `server: {host: 127.0.0.1, port: ${port}, collectionInterval: 1s}`);
}

async function append(systemd: OwnSystemd, line: string): Promise<void> {
  await ok(systemd, "sh", "-c", `echo '${line}' >> /etc/nbu_exporter/config.yaml`);
}

async function page(port: number): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

serviceTest(
  "under the unit it is ready, reloads, keeps its state, and is ended in order",
  async (world) => {
    const { systemd } = world;
    const port = freePort();
    await prepare(world, port);
    await ok(systemd, "systemctl", "start", "nbu_exporter");
    // It is ready when "start" returns: no waiting here.
    assert.equal((await fetch(`http://127.0.0.1:${port}/-/healthy`)).status, 200);
    assert.equal(await show(systemd, "User"), "nbu_exporter");
    await eventually("the primary is up", async () => /^nbu_up\{.*\} 1$/m.test(await page(port)));
    await eventually(
      "it keeps its state",
      async () => (await systemd.run("sh", "-c", "ls /var/lib/nbu_exporter/*.state")).code === 0,
    );

    await append(systemd, "logging: {level: debug}");
    await ok(systemd, "systemctl", "reload", "nbu_exporter");
    await eventually(
      "the reload is in effect",
      async () => (await (await fetch(`http://127.0.0.1:${port}/config`)).text()).includes("debug"),
    );
    assert.equal(await show(systemd, "ActiveState"), "active");
    await append(systemd, "nonsense: [");
    await ok(systemd, "systemctl", "reload", "nbu_exporter");
    await eventually(
      "systemctl status says so",
      async () => (await show(systemd, "StatusText")).includes("the last reload was refused"),
    );
    assert.equal(await show(systemd, "ActiveState"), "active");
    assert.equal((await fetch(`http://127.0.0.1:${port}/-/healthy`)).status, 200);

    await ok(systemd, "systemctl", "kill", "--signal=KILL", "nbu_exporter");
    await ok(systemd, "sed", "-i", "/^nonsense/d", "/etc/nbu_exporter/config.yaml");
    await eventually("it is started again", async () => {
      return Number(await show(systemd, "NRestarts")) > 0 &&
        await show(systemd, "ActiveState") === "active";
    });
    await ok(systemd, "systemctl", "stop", "nbu_exporter");
    assert.equal(await show(systemd, "Result"), "success");
    assert.equal(await show(systemd, "ExecMainStatus"), "0");
  },
);

serviceTest(
  "the watchdog ends an exporter that hangs, and systemd starts it again",
  async (world) => {
    const { systemd } = world;
    const port = freePort();
    await prepare(world, port);
    await ok(systemd, "mkdir", "/etc/systemd/system/nbu_exporter.service.d");
    const dropIn = "/etc/systemd/system/nbu_exporter.service.d/test.conf";
    await ok(systemd, "sh", "-c", `printf '[Service]\nWatchdogSec=3\nRestartSec=0\n' > ${dropIn}`);
    await ok(systemd, "systemctl", "daemon-reload");
    await ok(systemd, "systemctl", "start", "nbu_exporter");
    await ok(systemd, "systemctl", "kill", "--signal=STOP", "nbu_exporter");
    await eventually("it is started again", async () => {
      return Number(await show(systemd, "NRestarts")) > 0 &&
        await show(systemd, "ActiveState") === "active";
    });
  },
);

serviceTest(
  "with LoadCredential= the key file is root's alone, and is read all the same",
  async (world) => {
    const { systemd } = world;
    const port = freePort();
    await prepare(world, port);
    const etc = "/etc/nbu_exporter";
    await ok(systemd, "chmod", "0600", `${etc}/berlin.key`);
    const credential = "${CREDENTIALS_DIRECTORY}/berlin.key";
    await ok(
      systemd,
      "sed",
      "-i",
      `s|apiKeyFile:.*|apiKeyFile: ${credential}|`,
      `${etc}/config.yaml`,
    );
    // As the comment in the unit says.
    const unit = "/etc/systemd/system/nbu_exporter.service";
    await ok(systemd, "sed", "-i", "s/^#LoadCredential=/LoadCredential=/", unit);
    await ok(systemd, "systemctl", "daemon-reload");
    await ok(systemd, "systemctl", "start", "nbu_exporter");
    await eventually("the primary is up", async () => /^nbu_up\{.*\} 1$/m.test(await page(port)));
    await append(systemd, "logging: {level: debug}");
    await ok(systemd, "systemctl", "reload", "nbu_exporter");
    await eventually(
      "the reload is in effect",
      async () => (await (await fetch(`http://127.0.0.1:${port}/config`)).text()).includes("debug"),
    );
  },
);

/** The commands of a page that are executed here, in their order. */
async function commandsIn(page: string): Promise<string[]> {
  const blocks = fencedBlocks(page, await Deno.readTextFile(join(ROOT, page)));
  return blocks.filter(({ language }) => language === "sh").flatMap(commandsOf)
    .filter((command) =>
      isServiceCommand(command) || /^nbu_exporter (check|doctor) /.test(command)
    );
}

serviceTest("commands of the documentation do what they are said to do", async (world) => {
  const { systemd, primary, download } = world;
  const port = freePort();
  await listenOn(systemd, port);
  const pages = [
    "docs/quick-start.md",
    "README.md",
    "docs/systemd.md",
    "docs/sites.md",
    "docs/tls.md",
  ];
  const commands = (await Promise.all(pages.map(commandsIn))).flat();
  const isLast = (command: string) => command.includes("--uninstall");
  assert.ok(commands.length > 12, commands.join("\n"));
  const site = `--host localhost --port ${primary.port}`;
  const first = ["--site", "berlin", ...site.split(" "), "--key-file", join(download, "key")];
  const { text: shown } = await systemd.run(join(download, "install.sh"), ...first);
  const answers = [...shown.matchAll(HEX)].map(([, hex]) => `--fingerprint ${hex}`).join(" ");
  for (const command of [...commands.filter((one) => !isLast(one)), ...commands.filter(isLast)]) {
    const here = command
      .replace(/(--host) nbu-master\.example\.com/, `${site} --key-file key ${answers}`)
      .replace("nbu-master.example.com:1556", `localhost:${primary.port}`)
      .replace("localhost:9440", `localhost:${port}`)
      .replace("--diff ", `--diff=http://127.0.0.1:${port} `);
    if (
      isLast(command) && (await systemd.run("test", "-e", "/usr/local/bin/nbu_exporter")).code !== 0
    ) {
      continue; // Two pages say how to take it away.
    }
    await ok(systemd, "sh", "-c", `cd ${download} && ${here}`);
  }
});

/** The unit that the Go exporter comes with, in what it sets. */
const GO_UNIT = `[Unit]
After=network-online.target
[Service]
Type=simple
User=nbu
Group=nbu
EnvironmentFile=/etc/nbu_exporter/nbu_exporter.env
ExecStart=/usr/local/bin/nbu_exporter --config /etc/nbu_exporter/config.yaml
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=5
NoNewPrivileges=true
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectControlGroups=true
RestrictAddressFamilies=AF_INET AF_INET6
RestrictNamespaces=true
LockPersonality=true
[Install]
WantedBy=multi-user.target
`;

serviceTest(
  "the unit of the Go exporter works unchanged, with its user and its environment file",
  async (world) => {
    const { systemd, primary, download } = world;
    const port = freePort();
    await ok(
      systemd,
      "useradd",
      "--system",
      "--no-create-home",
      "--shell",
      "/usr/sbin/nologin",
      "nbu",
    );
    const etc = "/etc/nbu_exporter";
    await ok(systemd, "install", "-d", "-g", "nbu", "-m", "0750", etc);
    await ok(systemd, "cp", join(download, "nbu_exporter"), "/usr/local/bin/nbu_exporter");
    const write = async (path: string, text: string, mode: string) => {
      await Deno.writeTextFile(join(download, "new"), text);
      await ok(systemd, "install", "-g", "nbu", "-m", mode, join(download, "new"), path);
    };
    await write("/etc/systemd/system/nbu_exporter.service", GO_UNIT, "0644");
    await write(`${etc}/nbu_exporter.env`, `NBU1_APIKEY=${KEY}\n`, "0600");
    const config = `server:
  port: ${port}
  host: 127.0.0.1
  uri: /metrics
  scrapingInterval: 1h
  logName: ""
nbuserver:
  host: localhost
  port: ${primary.port}
  scheme: https
  uri: /netbackup
  apiKey: "\${NBU1_APIKEY}"
  insecureSkipVerify: true
`;
    await write(`${etc}/config.yaml`, config, "0640");
    await ok(systemd, "systemctl", "daemon-reload");
    await ok(systemd, "systemctl", "start", "nbu_exporter");
    await eventually("the primary is up", async () => /^nbu_up\{.*\} 1$/m.test(await page(port)));
    const running = await (await fetch(`http://127.0.0.1:${port}/config`)).text();
    assert.ok(!running.includes("directory"), "the unit lets it write nowhere");
    await ok(systemd, "systemctl", "reload", "nbu_exporter");
    await ok(systemd, "systemctl", "stop", "nbu_exporter");
    assert.equal(await show(systemd, "ExecMainStatus"), "0");

    // What docs/migration.md says, from the check to the way back.
    for (const command of await commandsIn("docs/migration.md")) {
      if (command.includes("--uninstall")) {
        assert.equal(await show(systemd, "User"), "nbu", "it still runs as the old user");
        assert.equal(await show(systemd, "Type"), "notify", "under the new unit");
        await eventually(
          "it keeps its state",
          async () =>
            (await systemd.run("sh", "-c", "ls /var/lib/nbu_exporter/*.state")).code === 0,
        );
      }
      await ok(systemd, "sh", "-c", `cd ${download} && export NBU1_APIKEY=${KEY} && ${command}`);
    }
    assert.equal(await show(systemd, "Type"), "simple", "the old unit is back");
    await eventually("the primary is up", async () => /^nbu_up\{.*\} 1$/m.test(await page(port)));
    // Now with a folder that the unit lets it write to, which nobody has told it of.
    assert.match(await (await fetch(`http://127.0.0.1:${port}/config`)).text(), /^state: \{\}$/m);
    await eventually(
      "it keeps its state again",
      async () => /using the default/.test(await systemd.printed()),
    );
  },
);
