/**
 * Commands of the documentation that change a machine. `tests/deploy/service_test.ts` executes them
 * where a systemd of the test's own runs.
 *
 * @module
 */
import type { FencedBlock } from "./_fenced_blocks.ts";

const SERVICE_COMMAND =
  /^(sh install\.sh|systemctl|systemd-analyze|curl|install|mkdir|printf)( |$)/;

/** Whether it is such a command. */
export function isServiceCommand(command: string): boolean {
  return SERVICE_COMMAND.test(command);
}

/** The commands of a block for the shell, without comments. */
export function commandsOf({ text }: FencedBlock): string[] {
  return text.split("\n").map((line) => line.replace(/\s+#.*$/, "").trim()).filter(Boolean);
}
