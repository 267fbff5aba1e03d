/**
 * The part of the help that is no list of commands and flags.
 *
 * @module
 */

/** Examples, exit codes and signals, for the end of the help of the program. */
export const PROGRAM_NOTES = `
Examples:
  nbu_exporter --config.file /etc/nbu_exporter/config.yaml
  nbu_exporter check --strict /etc/nbu_exporter/config.yaml
  nbu_exporter doctor --config.file /etc/nbu_exporter/config.yaml
  nbu_exporter report --window 12h

Exit codes:
  0  ended by SIGTERM or SIGINT; the command succeeded
  1  the configuration is bad, the port is taken, or the command failed
  2  doctor only: it could not run, as the configuration is bad

Signals:
  SIGHUP            reloads the configuration and opens the log file again
  SIGTERM, SIGINT   end the exporter within 10 seconds; a second one ends it at once

Without a command the exporter runs. Defaults of the configuration: it listens on 0.0.0.0:9440, serves
/metrics, and polls every 5 minutes. \${NAME} in the configuration comes from the environment.
`;

/** For the end of the help of `check`. */
export const CHECK_NOTES = `
Reads the file and all it names, and asks no primary. Every error and every warning is printed with
file, line and column; unknown keys stand beside the errors, as one may be the misspelt key that is
missing.

Examples:
  nbu_exporter check
  nbu_exporter check --strict /etc/nbu_exporter/config.yaml
  nbu_exporter check --diff=http://127.0.0.1:9440 /etc/nbu_exporter/config.yaml

--diff asks a running exporter for its configuration. Give the flags that it was started with as well:
they win over the file. It does not see secrets, which are redacted, nor the contents of named files.

Exit codes: 0 the configuration is valid, whatever --diff shows; 1 it is not, --strict found an unknown
key, or the exporter for --diff does not respond.
`;

/** For the end of the help of `doctor`. */
export const DOCTOR_NOTES = `
Checks for each primary: name resolution, connection, TLS with the expiry of the certificates, clock,
API version, API key with its expiry; then asks each endpoint of the enabled collectors for one row.

Examples:
  nbu_exporter doctor --config.file /etc/nbu_exporter/config.yaml
  nbu_exporter doctor --json

Exit codes: 0 no check failed; 1 a check failed; 2 the configuration is bad.
`;

/** For the end of the help of `report`. */
export const REPORT_NOTES = `
Asks a running exporter, which has watched the jobs: success, failures, slow jobs, overdue clients,
space and expiries of each site. Without --url it is asked where the configuration (and --web.*) says
that it listens. What is not collected, and a site whose data is old, is said so.

Examples:
  nbu_exporter report
  nbu_exporter report --window 12h --format csv > night.csv
  nbu_exporter report --url https://exporter.example.com:9440 --ca-file /etc/ssl/corp.pem

Exit codes: 0 the report was printed; 1 it was not.
`;

/** For the end of the help of `metrics`. */
export const METRICS_NOTES = `
Does not use the state directory, so that it can run beside the exporter: counters begin at 0.
What fails is printed to standard error.

Examples:
  nbu_exporter metrics --config.file /etc/nbu_exporter/config.yaml
  nbu_exporter metrics | promtool check metrics

Exit codes: 0 every collector succeeded; 1 one failed, or the configuration is bad.
`;

/** For the end of the help of `version`. */
export const VERSION_NOTES = `
Example:
  nbu_exporter version

Exit code: 0.
`;

/** For the end of the help of `completions`. */
export const COMPLETIONS_NOTES = `
Examples:
  source <(nbu_exporter completions bash)
  nbu_exporter completions zsh > ~/.zsh/completions/_nbu_exporter
  nbu_exporter completions fish > ~/.config/fish/completions/nbu_exporter.fish

Exit codes: 0 printed; 1 the shell is unknown.
`;

/** For the end of the help of `help`. */
export const HELP_NOTES = `
Examples:
  nbu_exporter help
  nbu_exporter help doctor

Exit codes: 0 printed; 1 the command is unknown.
`;
