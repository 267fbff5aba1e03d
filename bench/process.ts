/**
 * What a process costs: this one, or a child, whose costs are read from the operating system.
 *
 * @module
 */
import process from "node:process";

/** Processor time of this process so far, user and system, in seconds. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Costs of a process so far. */
export interface Costs {
  /** Processor time, user and system, in seconds. */
  readonly cpuSeconds: number;
  /** Highest resident memory so far, in bytes. */
  readonly peakBytes: number;
  /** Resident memory now, in bytes. */
  readonly residentBytes: number;
}

/** Ticks per second of the times in `/proc`: a constant of the Linux interface. */
const TICKS_PER_SECOND = 100;

/** Reads the costs of a running process. Linux only. */
export async function costsOf(pid: number): Promise<Costs> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  // The second field is the name in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
  return {
    cpuSeconds: ticks / TICKS_PER_SECOND,
    peakBytes: bytes("VmHWM"),
    residentBytes: bytes("VmRSS"),
  };
}

/** How a program is started. */
export interface StartOptions {
  /** Whether its standard output is read here, or goes nowhere. @default {"null"} */
  readonly stdout?: "null" | "piped";
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a Deno program of this repository whose output goes nowhere, or is read here. */
export function startDeno(
  args: readonly string[],
  stdout: "null" | "piped" = "null",
): Deno.ChildProcess {
  return startProgram(Deno.execPath(), args, { stdout });
}

/** Starts a program at the root of this repository. */
export function startProgram(
  program: string,
  args: readonly string[],
  { stdout = "null", env = {} }: StartOptions = {},
): Deno.ChildProcess {
  return new Deno.Command(program, {
    args: [...args],
    cwd: new URL("..", import.meta.url),
    env,
    stdin: "null",
    stdout,
    stderr: stdout === "null" ? "null" : "inherit",
  }).spawn();
}

/** The first line a child prints. */
export async function firstLine(child: Deno.ChildProcess): Promise<string> {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the program ended without a line: ${text}`);
    text += value;
  }
  // Whatever else it prints is read and dropped, so that it never waits for us.
  (async () => {
    while (!(await reader.read()).done);
  })().catch(() => {});
  return text.slice(0, text.indexOf("\n"));
}

/** Ends a child and waits for it. */
export async function stop(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGTERM");
  } catch {
    // It has ended.
  }
  await child.status;
}

/** A port nobody listens on at this moment. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
