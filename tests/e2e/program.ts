/**
 * Runs the real program for one command, to its end.
 *
 * @module
 */
import { exporterCommand } from "./harness.ts";

/** What a command left behind. */
export interface Finished {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** How a command is run. */
export interface ProgramOptions {
  /** Working directory. */
  readonly directory: string;
  readonly env?: Record<string, string>;
}

/** Runs a command with the permissions that the program has. */
export async function runProgram(
  args: readonly string[],
  { directory, env = {} }: ProgramOptions,
): Promise<Finished> {
  const [program = "", ...flags] = exporterCommand();
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...flags, ...args],
    cwd: directory,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
