/**
 * Completions for shells, made from the commands and flags of the program.
 *
 * @module
 */
import type { Command } from "commander";

/** Shells that completions can be made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** A shell that completions can be made for. */
export type Shell = typeof SHELLS[number];

/** Whether completions can be made for a shell of this name. */
export function isShell(name: string): name is Shell {
  return SHELLS.some((shell) => shell === name);
}

interface Entry {
  readonly name: string;
  readonly description: string;
}

/** What a command can be followed by. */
interface CommandEntry extends Entry {
  readonly flags: readonly Entry[];
}

/**
 * The text for a shell to read.
 *
 * @example
 * ```sh
 * source <(nbu_exporter completions bash)
 * ```
 */
export function completions(program: Command, shell: Shell): string {
  const commands = program.commands.map((command) => entryOf(command));
  const shared = flagsOf(program);
  switch (shell) {
    case "bash":
      return bash(commands, shared);
    case "zsh":
      return zsh(commands, shared);
    case "fish":
      return fish(commands, shared);
  }
}

function entryOf(command: Command): CommandEntry {
  return { name: command.name(), description: command.description(), flags: flagsOf(command) };
}

function flagsOf(command: Command): readonly Entry[] {
  return command.options.flatMap(({ long, description }) =>
    long ? [{ name: long, description }] : []
  );
}

function names(entries: readonly Entry[]): string {
  return entries.map(({ name }) => name).join(" ");
}

function bash(commands: readonly CommandEntry[], shared: readonly Entry[]): string {
  const cases = commands
    .filter(({ flags }) => flags.length > 0)
    .map(({ name, flags }) => `      ${name}) words="$words ${names(flags)}" ;;`);
  return `_nbu_exporter() {
  local word words="${names(commands)} ${names(shared)}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
${cases.join("\n")}
    esac
  done
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _nbu_exporter nbu_exporter
`;
}

function zsh(commands: readonly CommandEntry[], shared: readonly Entry[]): string {
  const all = [...commands, ...shared, ...commands.flatMap(({ flags }) => flags)];
  const lines = all.map(({ name, description }) =>
    `    ${quote(`${name.replaceAll(":", "\\:")}:${description}`)}`
  );
  return `#compdef nbu_exporter
_nbu_exporter() {
  local -a words=(
${lines.join("\n")}
  )
  _describe nbu_exporter words || _files
}
compdef _nbu_exporter nbu_exporter
`;
}

function fish(commands: readonly CommandEntry[], shared: readonly Entry[]): string {
  const flag = (condition: string, { name, description }: Entry) =>
    `complete -c nbu_exporter ${condition}-l ${name.replace(/^--/, "")} -d ${quote(description)}`;
  return [
    ...commands.map(({ name, description }) =>
      `complete -c nbu_exporter -n __fish_use_subcommand -a ${name} -d ${quote(description)}`
    ),
    ...shared.map((entry) => flag("", entry)),
    ...commands.flatMap(({ name, flags }) =>
      flags.map((entry) => flag(`-n '__fish_seen_subcommand_from ${name}' `, entry))
    ),
    "",
  ].join("\n");
}

/** One word for the shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
