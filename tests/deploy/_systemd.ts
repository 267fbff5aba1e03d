/**
 * A systemd of its own for a test, as process 1 of its own namespaces: it sees this machine's files,
 * and what is changed in /etc, /usr/local and /var stays in memory.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { isInstalled } from "../../scripts/command.ts";
import { eventually } from "../e2e/harness.ts";

const SYSTEMD = "/lib/systemd/systemd";

/** Directories in which the test may change anything. */
const CHANGEABLE = ["/etc", "/usr/local", "/var"];

/** What is there of units: nothing of this machine is to be started. */
const TARGETS = [
  "default",
  "sysinit",
  "basic",
  "multi-user",
  "network-online",
  "shutdown",
  "umount",
];

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** Standard output, then standard error. */
  readonly text: string;
}

/** A systemd that runs. */
export interface OwnSystemd {
  /** Runs a command where systemd runs. */
  run(command: string, ...args: readonly string[]): Promise<Ended>;
  /** What services have printed. */
  printed(): Promise<string>;
  /** Ends it and all it has started. */
  close(): Promise<void>;
}

/** Why there cannot be one here; undefined where it can be tried. */
export async function missingForSystemd(): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return "it takes root on Linux";
  if (!await Deno.stat(SYSTEMD).then(() => true, () => false)) return "there is no systemd";
  for (const program of ["unshare", "nsenter", "mount"]) {
    if (!await isInstalled(program)) return `there is no ${program}`;
  }
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_probe_" });
  try {
    const { success, stderr } = await new Deno.Command("unshare", {
      args: [...NAMESPACES, "sh", "-c", `set -e\n${mounts(directory)}`],
      stdin: "null",
    }).output();
    const [reason = ""] = new TextDecoder().decode(stderr).trim().split("\n");
    return success ? undefined : `this machine does not allow it (${reason})`;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** What systemd has for itself. */
const NAMESPACES = ["--mount", "--pid", "--fork", "--uts", "--ipc", "--cgroup", "--kill-child"];

/**
 * Starts it.
 *
 * @param directory Existing directory for what it needs.
 * @throws Error When the machine does not allow it, as in many containers.
 */
export async function startSystemd(directory: string): Promise<OwnSystemd> {
  const units = join(directory, "units");
  await Deno.mkdir(units);
  for (const name of TARGETS) await Deno.writeTextFile(join(units, `${name}.target`), "[Unit]\n");
  // There is no journal.
  const output = join(directory, "output");
  await Deno.mkdir(join(units, "service.d"));
  const text = `[Service]\nStandardOutput=append:${output}\nStandardError=append:${output}\n`;
  await Deno.writeTextFile(join(units, "service.d", "output.conf"), text);
  const cgroup = await makeCgroup();
  const child = new Deno.Command("unshare", {
    args: [...NAMESPACES, "sh", "-c", bootScript(directory, units)],
    clearEnv: true,
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  // What is started later is in the same group, and its root is the group of systemd.
  const present = await presentGroup(dirname(cgroup));
  await Deno.writeTextFile(join(cgroup, "cgroup.procs"), String(Deno.pid));
  let process: Deno.ChildProcess;
  try {
    process = child.spawn();
  } finally {
    await Deno.writeTextFile(join(present, "cgroup.procs"), String(Deno.pid));
  }
  let log = "";
  const reading = [process.stdout, process.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) log += text;
  });
  let ended = false;
  process.status.then(() => ended = true);
  const close = async () => {
    if (!ended) process.kill("SIGKILL");
    await process.status;
    await Promise.all(reading);
    await eventually("its group is empty", () => removeGroup(cgroup));
  };
  try {
    const pid = await eventually("systemd runs", async () => {
      if (ended) throw new Error(log);
      const children = `/proc/${process.pid}/task/${process.pid}/children`;
      return (await Deno.readTextFile(children)).trim() || undefined;
    });
    const run = async (command: string, ...args: readonly string[]): Promise<Ended> => {
      const { code, stdout, stderr } = await new Deno.Command("nsenter", {
        args: ["--target", pid, "--mount", "--pid", "--uts", "--ipc", "--", command, ...args],
        clearEnv: true,
        env: {
          PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          HOME: "/root",
        },
        stdin: "null",
      }).output();
      const decoder = new TextDecoder();
      return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
    };
    await eventually("systemd answers", async () => {
      if (ended) return "ended";
      const { text } = await run("systemctl", "is-active", "default.target");
      if (!text.startsWith("active")) throw new Error(text);
      return true;
    });
    if (ended) throw new Error(log);
    return { run, printed: () => Deno.readTextFile(output).catch(() => ""), close };
  } catch (error) {
    const said = await Deno.readTextFile(join(directory, "console")).catch(() => "");
    await close();
    throw new Error(`systemd cannot be started here: ${describe(error)}\n${log}${said}`, {
      cause: error,
    });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.cause ?? ""}` : String(error);
}

/** Shell commands that make the files of the machine the test's own. */
function mounts(directory: string): string {
  const overlays = CHANGEABLE.map((path) => {
    const [upper, work] = ["upper", "work"].map((name) => `/run/changes${path}/${name}`);
    return `mkdir -p ${upper} ${work}
mount -t overlay -o lowerdir=${path},upperdir=${upper},workdir=${work} overlay ${path}`;
  });
  return `mount --make-rprivate /
mount -t tmpfs tmpfs /run
mount -t proc proc /proc
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
${overlays.join("\n")}
: > ${directory}/console
mount --bind ${directory}/console /dev/console`;
}

function bootScript(directory: string, units: string): string {
  return `set -e
${mounts(directory)}
rm -rf /etc/systemd/system
mkdir -p /etc/systemd/system
# Among themselves, as systemd does where it is no container's: credentials are handed on that way.
mount --make-rshared /
exec env -i container=test SYSTEMD_UNIT_PATH=/etc/systemd/system:${units} PATH="$PATH" \\
  ${SYSTEMD} --system --log-target=console --log-level=info --show-status=no`;
}

/** The group that this process is in, in the hierarchy of version 2. */
async function presentGroup(mount: string): Promise<string> {
  const groups = await Deno.readTextFile("/proc/self/cgroup");
  return join(mount, /^0::(.*)$/m.exec(groups)?.[1] ?? "/");
}

/** A group of its own, in the hierarchy of version 2. */
async function makeCgroup(): Promise<string> {
  const mounts = await Deno.readTextFile("/proc/self/mountinfo");
  const mount = mounts.split("\n").find((line) => line.includes(" - cgroup2 "))?.split(" ")[4];
  if (mount === undefined) throw new Error("there is no cgroup of version 2");
  const group = join(mount, `nbu_exporter_test_${Deno.pid}`);
  await Deno.mkdir(group);
  return group;
}

/** Removes a group and those in it; false while a process of it has not ended. */
async function removeGroup(group: string): Promise<boolean> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(group)) {
      if (isDirectory) await removeGroup(join(group, name));
    }
    await Deno.remove(group);
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
  return true;
}
