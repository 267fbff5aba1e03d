import assert from "node:assert/strict";
import { join } from "node:path";
import {
  limitedFlags,
  type PermissionLists,
  PERMISSIONS,
  RUN_FLAGS,
} from "../../scripts/run_flags.ts";
import { eventually, freePort, withDirectory } from "../e2e/harness.ts";
import { createSimulator } from "../simulator/simulator.ts";

const ROOT = new URL("../..", import.meta.url);
const KEY = "permission-key";

/** An installation: ports, and a folder for each of the configuration, the state and the log. */
interface Installation {
  readonly directory: string;
  readonly port: number;
  readonly primary: number;
}

/** How a run went. */
interface Run {
  /** Whether every collector has succeeded. */
  readonly works: boolean;
  /** All it printed. */
  readonly log: string;
}

async function withInstallation(body: (installation: Installation) => Promise<void>) {
  const primary = await createSimulator({ apiKey: KEY }).start();
  try {
    await withDirectory(async (directory) => {
      for (const name of ["etc", "state", "log"]) await Deno.mkdir(join(directory, name));
      await body({ directory, port: freePort(), primary: primary.port });
    });
  } finally {
    await primary.close();
  }
}

function configOf({ directory, port, primary }: Installation, host = "127.0.0.1"): string {
  const site = { site: "a", scheme: "http", host, port: primary, apiKey: "${NBU_BERLIN_KEY}" };
  return JSON.stringify({
    server: { host: "127.0.0.1", port, logName: join(directory, "log/nbu.log") },
    nbuservers: [{ ...site, retry: { maxAttempts: 1 } }],
  });
}

/**
 * Runs the program until each collector has succeeded or failed, or it ends.
 *
 * @param use Called while it runs, where every collector has succeeded.
 */
async function runWith(
  flags: readonly string[],
  installation: Installation,
  use: (pid: number, configFile: string) => Promise<void> = () => Promise.resolve(),
): Promise<Run> {
  const { directory, port } = installation;
  const configFile = join(directory, "etc/config.yaml");
  await Deno.writeTextFile(configFile, configOf(installation));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, new URL("main.ts", ROOT).pathname, "--config", configFile],
    // A .env file is looked for in the working directory as well.
    cwd: join(directory, "etc"),
    env: { NO_COLOR: "1", NBU_BERLIN_KEY: KEY, STATE_DIRECTORY: join(directory, "state") },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  let ended = false;
  output.then(() => ended = true);
  const verdict = await eventually("it has collected, has failed to, or ends", async () => {
    if (ended) return "ended";
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const results = [...page.matchAll(/^nbu_collector_success\{.*\} ([01])$/gm)];
    if (results.some(([, success]) => success === "0")) return "failed";
    return results.length >= 2 && "collected";
  });
  if (verdict === "collected") await use(child.pid, configFile);
  if (!ended) child.kill("SIGTERM");
  const { stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return {
    works: verdict === "collected",
    log: decoder.decode(stdout) + decoder.decode(stderr),
  };
}

Deno.test("the exporter works with its permissions, and without none of them", async () => {
  await withInstallation(async (installation) => {
    const complete = await runWith(RUN_FLAGS, installation);
    assert.ok(complete.works, complete.log);
    // Prompts are another matter: the tests have no terminal to be asked on.
    for (const permission of PERMISSIONS.filter((flag) => flag !== "--no-prompt")) {
      const flags = RUN_FLAGS.filter((flag) => flag !== permission);
      const { works, log } = await runWith(flags, installation);
      assert.ok(!works, `it works without ${permission}`);
      assert.ok(log !== "", `it ends without a word when ${permission} is missing`);
    }
  });
});

/** The lists of the example in docs/security.md, for an installation. */
async function documentedLists(installation: Installation): Promise<PermissionLists> {
  const { directory, port, primary } = installation;
  const page = await Deno.readTextFile(new URL("docs/security.md", ROOT));
  const command = page.split("\n").find((line) => line.startsWith("deno task compile --allow-"));
  assert.ok(command, "docs/security.md has the command");
  const here = command
    .replaceAll("127.0.0.1:9440", `127.0.0.1:${port}`)
    .replaceAll("nbu-master.example.com:1556", `127.0.0.1:${primary}`)
    .replaceAll("/etc/nbu_exporter", join(directory, "etc"))
    .replaceAll("/var/lib/nbu_exporter", join(directory, "state"))
    .replaceAll("/var/log/nbu_exporter", join(directory, "log"));
  return Object.fromEntries(
    [...here.matchAll(/--(allow-\w+)=(\S+)/g)].map(([, name = "", list = ""]) => [name, list]),
  );
}

/** The lists without one entry; without a permission that has no entry left. */
function without(lists: PermissionLists, name: string, entry: string): string[] {
  const others = Object.entries(lists).map(([other, list]): [string, string] => [
    other,
    list.split(",").filter((one: string) => other !== name || one !== entry).join(","),
  ]);
  const left = Object.fromEntries(others.filter(([, list]) => list !== ""));
  return limitedFlags(left).filter((flag) => name in left || flag !== `--${name}`);
}

Deno.test("limited as docs/security.md says, the exporter works, and without no entry of the lists", async () => {
  await withInstallation(async (installation) => {
    const lists = await documentedLists(installation);
    const complete = await runWith(limitedFlags(lists), installation);
    assert.ok(complete.works, complete.log);
    assert.doesNotMatch(complete.log, /without --allow|NotCapable/, "nothing is missed");
    const entries = Object.entries(lists).flatMap(([name, list]) =>
      list.split(",").map((entry: string) => ({ name, entry }))
    );
    assert.ok(entries.length >= 10, JSON.stringify(entries));
    for (const { name, entry } of entries) {
      const { works, log } = await runWith(without(lists, name, entry), installation);
      assert.ok(!works, `it works without ${entry} in --${name}`);
      assert.match(log, /--allow-|NotCapable/, `what is missing is told: ${entry} in --${name}`);
    }
  });
});

Deno.test("a reload to a primary beyond the list is refused by Deno, and the log says so", async () => {
  await withInstallation(async (installation) => {
    const flags = limitedFlags(await documentedLists(installation));
    const { works, log } = await runWith(flags, installation, async (pid, configFile) => {
      await Deno.writeTextFile(configFile, configOf(installation, "127.0.0.2"));
      Deno.kill(pid, "SIGHUP");
      await eventually("the new primary is not reached", async () => {
        const page = await (await fetch(`http://127.0.0.1:${installation.port}/metrics`)).text();
        return /^nbu_up\{site="a"\} 0$/m.test(page);
      });
    });
    assert.ok(works, log);
    assert.match(log, /level=warn .*--allow-net/);
  });
});

Deno.test("limitedFlags() limits what a list is given for, and refuses an empty list", () => {
  assert.deepEqual(limitedFlags({}), RUN_FLAGS);
  const flags = limitedFlags({ "allow-net": "127.0.0.1:9440", "allow-env": "A,B" });
  assert.deepEqual(
    flags,
    RUN_FLAGS.map((flag) =>
      ({ "--allow-net": "--allow-net=127.0.0.1:9440", "--allow-env": "--allow-env=A,B" })[flag] ??
        flag
    ),
  );
  for (const list of ["", ",", " , "]) {
    assert.throws(() => limitedFlags({ "allow-read": list }), /--allow-read has an empty list/);
  }
});

/** Asks for one host, then gives up another, then all; prints what is left of the first. */
const NARROWING = `
const host = { name: "net", host: "127.0.0.1:1" };
const other = { name: "net", host: "127.0.0.1:2" };
const states = () => [host, other].map((one) => Deno.permissions.querySync(one).state);
Deno.permissions.requestSync(host);
Deno.permissions.revokeSync(other);
const one = states();
Deno.permissions.revokeSync({ name: "net" });
console.log(JSON.stringify([one, states()]));
`;

/** What `docs/security.md` says of this is a fact about Deno: a newer version may do better. */
Deno.test("Deno cannot narrow a permission that was given as a whole, and shortens a list", async () => {
  await withDirectory(async (directory) => {
    const file = join(directory, "narrowing.ts");
    await Deno.writeTextFile(file, NARROWING);
    const narrowing = async (flag: string) => {
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", flag, file],
      }).output();
      return JSON.parse(new TextDecoder().decode(stdout));
    };
    const nothing = ["prompt", "prompt"];
    assert.deepEqual(await narrowing("--allow-net"), [["granted", "granted"], nothing]);
    const list = "--allow-net=127.0.0.1:1,127.0.0.1:2";
    assert.deepEqual(await narrowing(list), [["granted", "prompt"], nothing]);
  });
});
