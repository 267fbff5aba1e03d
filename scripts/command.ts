/**
 * Running other programs from the scripts.
 *
 * @module
 */

/** Top of the work tree, with a slash at the end. */
export const ROOT = new URL("..", import.meta.url);

/** How a command is run. */
export interface CommandOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string | URL;
}

/**
 * Runs a command with the terminal of this process.
 *
 * @throws Error When it ends with anything but 0.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<void> {
  const status = await spawnInherited(command, args, options);
  if (status.code !== 0) {
    throw new Error(`"${command} ${args.join(" ")}" ended with code ${status.code}`);
  }
}

/** Runs a command with the terminal of this process and gives how it ended. */
export async function spawnInherited(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Deno.CommandStatus> {
  const child = new Deno.Command(command, {
    args: [...args],
    cwd: options.cwd ?? ROOT,
    env: options.env ?? {},
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  return await child.status;
}

/** True when a program of this name is on the PATH. */
export async function isInstalled(program: string): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("which", {
      args: [program],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

/** What a command prints, trimmed; undefined when it fails or is not there. */
export async function capture(
  command: string,
  args: readonly string[],
): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: [...args],
      cwd: ROOT,
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}
