/**
 * The command line. Each command is loaded when it is asked for.
 *
 * @module
 */
import { Command, CommanderError, Option } from "commander";
import type { BuildInfo } from "./base/build_info.ts";
import { messageOf } from "./base/message_of.ts";
import { addFlags, exporterUrl, readFlags } from "./cli/flags.ts";
import {
  CHECK_NOTES,
  COMPLETIONS_NOTES,
  DOCTOR_NOTES,
  HELP_NOTES,
  METRICS_NOTES,
  PROGRAM_NOTES,
  REPORT_NOTES,
  VERSION_NOTES,
} from "./cli/help.ts";
import type { CheckOptions } from "./cli/check.ts";
import type { CliIo } from "./cli/io.ts";
import type { ReportOptions } from "./cli/report.ts";
import { ConfigError, formatConfigError } from "./config/errors.ts";
import { nearest } from "./config/schema/nearest.ts";

export type { CliIo } from "./cli/io.ts";
export type { RunOptions } from "./cli/run_options.ts";

const EXIT_OK = 0;
const EXIT_FAILURE = 1;
/** `doctor` could not run. */
const EXIT_UNUSABLE = 2;

/** Told the exit code of a command. */
type Finish = (code: number) => void;

/**
 * Runs the program.
 *
 * @param args Arguments without the program's name.
 * @returns The exit code: 0 after a regular end, 1 when the configuration is bad, the port is taken
 *   or the arguments make no sense. `doctor` has codes of its own.
 */
export async function main(
  args: readonly string[],
  build: BuildInfo,
  io: CliIo,
): Promise<number> {
  let exitCode = EXIT_OK;
  const program = createProgram(build, io, (code) => exitCode = code);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_FAILURE;
    io.err(`${describe(error)}\n`);
    return EXIT_FAILURE;
  }
}

function createProgram(build: BuildInfo, io: CliIo, finish: Finish): Command {
  const program = addFlags(new Command("nbu_exporter"))
    .description("Prometheus exporter for Veritas/Cohesity NetBackup")
    .version(versionText(build), "-V, --version", "print version, commit and runtime")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    // Whatever is no command ends up here, and gets a better message than "too many arguments".
    .allowExcessArguments()
    .addHelpText("after", PROGRAM_NOTES)
    .action(async () => {
      const [word] = program.args;
      if (word !== undefined) return unknownCommand(program, word);
      await io.serve(readFlags(program.opts()), build);
    });
  addOfflineCommands(program, build, io, finish);
  addOnlineCommands(program, build, io, finish);
  addHelpCommand(program);
  return program;
}

function addOfflineCommands(program: Command, build: BuildInfo, io: CliIo, finish: Finish): void {
  program.command("check")
    .description("check the configuration, without a request to a primary")
    .argument("[file]", "configuration file; as --config")
    .option("--strict", "unknown keys are errors", false)
    .option(
      "--diff [url]",
      "show what a reload of the exporter at this URL would change (default: the one on this machine)",
      exporterUrl,
    )
    .addHelpText("after", CHECK_NOTES)
    .action(async (file: string | undefined, options: CheckOptions) => {
      const { check } = await import("./cli/check.ts");
      const { config, webConfigFile, overrides } = readFlags(program.opts());
      const files = { configFile: file ?? config, webConfigFile, overrides };
      const valid = await check(files, options, io);
      finish(valid ? EXIT_OK : EXIT_FAILURE);
    });
  program.command("version")
    .description("print version, commit and runtime")
    .addHelpText("after", VERSION_NOTES)
    .action(() => io.out(`${versionText(build)}\n`));
  program.command("completions")
    .description("print completions for a shell")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText("after", COMPLETIONS_NOTES)
    .action(async (shell: string) => {
      const { completions, isShell, SHELLS } = await import("./cli/completions.ts");
      if (!isShell(shell)) {
        program.error(`error: unknown shell '${shell}'; choose one of ${SHELLS.join(", ")}`);
      }
      io.out(completions(program, shell));
    });
}

function addOnlineCommands(program: Command, build: BuildInfo, io: CliIo, finish: Finish): void {
  program.command("metrics")
    .description("collect once from every site and print the metrics page")
    .addHelpText("after", METRICS_NOTES)
    .action(async () => {
      const { printMetrics } = await import("./cli/metrics.ts");
      const complete = await printMetrics(readFlags(program.opts()), build, io);
      finish(complete ? EXIT_OK : EXIT_FAILURE);
    });
  program.command("report")
    .description("print the morning report of a running exporter")
    .option("--url <address>", "address of the exporter (default: as the configuration has it)")
    .option("--window <duration>", "how far to look back, 1h to 7d", "24h")
    .addOption(
      new Option("--format <format>", "form of the report")
        .choices(["text", "csv", "json", "html"])
        .default("text"),
    )
    .option("--ca-file <file>", "certificate authorities to trust, in place of the system's")
    .option("--user <name>", "user to log in as, with NBU_EXPORTER_PASSWORD in the environment")
    .addHelpText("after", REPORT_NOTES)
    .action(async (options: ReportOptions) => {
      const { printReport } = await import("./cli/report.ts");
      await printReport(readFlags(program.opts()), options, io);
    });
  program.command("doctor")
    .description("check every primary, and print what fails with a fix")
    .option("--json", "print JSON", false)
    .addHelpText("after", DOCTOR_NOTES)
    .action(async ({ json }: { json: boolean }) => {
      const { runDoctor } = await import("./cli/doctor.ts");
      try {
        const healthy = await runDoctor(readFlags(program.opts()), { json }, build, io);
        finish(healthy ? EXIT_OK : EXIT_FAILURE);
      } catch (error) {
        io.err(`${describe(error)}\n`);
        finish(EXIT_UNUSABLE);
      }
    });
}

/** In place of commander's, which prints the help of the program for a command that is unknown. */
function addHelpCommand(program: Command): void {
  program.command("help")
    .description("print help for a command")
    .argument("[command]", "its name")
    .addHelpText("after", HELP_NOTES)
    .action((word: string | undefined) => {
      const command = word === undefined
        ? program
        : program.commands.find((one) => one.name() === word) ?? unknownCommand(program, word);
      command.outputHelp();
    });
}

function unknownCommand(program: Command, word: string): never {
  const meant = nearest(word, program.commands.map((command) => command.name()));
  const hint = meant === undefined
    ? "see 'nbu_exporter --help' for the commands"
    : `did you mean '${meant}'?`;
  return program.error(`error: unknown command '${word}'; ${hint}`, { code: "unknownCommand" });
}

function describe(error: unknown): string {
  if (error instanceof ConfigError) return formatConfigError(error);
  return `nbu_exporter: ${messageOf(error)}`;
}

function versionText({ version, commit }: BuildInfo): string {
  return `nbu_exporter ${version} (commit ${commit}, deno ${Deno.version.deno})`;
}
