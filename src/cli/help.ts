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
Reads the file and all it names, and makes no request. Every error and every warning is printed with
file, line and column; unknown keys stand beside the errors, as one may be the misspelt key that is
missing.

Examples:
  nbu_exporter check
  nbu_exporter check --strict /etc/nbu_exporter/config.yaml

Exit codes: 0 the configuration is valid; 1 it is not, or --strict found an unknown key.
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

/** For the end of the help of `metrics`. */
export const METRICS_NOTES = `
Does not use the state directory, so that it can run beside the exporter: counters begin at 0.
What fails is printed to standard error.

Examples:
  nbu_exporter metrics --config.file /etc/nbu_exporter/config.yaml
  nbu_exporter metrics | promtool check metrics

Exit codes: 0 every collector succeeded; 1 one failed, or the configuration is bad.
`;
