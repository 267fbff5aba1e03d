/**
 * The reference of the configuration, made from the schema.
 *
 * @module
 */
import { markdownTable } from "../markdown.ts";
import {
  type CollectorSection,
  COMMON_COLLECTOR_KEYS,
  makeConfigSchema,
} from "../../src/config/schema/schema.ts";
import { type KeyInfo, listKeys } from "./schema_keys.ts";

const HEAD = ["Key", "Expected", "Default", "Meaning"] as const;

/**
 * The reference as Markdown, formatted as `deno fmt` does.
 *
 * @param sections What the collectors add to the configuration.
 */
export function configReference(sections: readonly CollectorSection[]): string {
  const keys = listKeys(makeConfigSchema(sections));
  const below = (name: string) =>
    keys.filter(({ path, kind, notes }) =>
      (path.startsWith(`${name}.`) || path.startsWith(`${name}[]`)) && kind !== "section" &&
      !notes.ignored
    );
  const chapter = (name: string, title: string) =>
    [`## ${title}`, sentence(keys, name), markdownTable([HEAD, ...below(name).map(row)])].join(
      "\n\n",
    );
  const ignored = keys.filter(({ path, notes }) => notes.ignored && path.startsWith("nbuservers"));

  const parts = [
    "# Configuration",
    "This page is made from the schema in `src/config/schema/`: `deno task docs` writes it anew.",
    "The configuration is one YAML file, `config.yaml` in the working directory unless `--config` names\n" +
    "another. [`config.example.yaml`](../config.example.yaml) has every key with its default.\n" +
    "`nbu_exporter check` says what is wrong with a file; `check --strict` refuses unknown keys too.",
    "- `${NAME}` in any value is replaced from the environment, or from a file `.env` in the working\n" +
    "  directory or else beside the configuration. A name that is not set is an error.\n" +
    "- A duration is a number with a unit, or several: `300ms`, `30s`, `5m`, `1h30m`.\n" +
    "- A file name that does not begin with `/` starts from the folder of the configuration.\n" +
    "- A change of the file, or of a file it names, takes effect within a few seconds, as does SIGHUP. A\n" +
    "  bad file changes nothing.\n" +
    "- A key without a value counts as not given.",
    chapter("server", "`server`"),
    chapter("nbuservers", "`nbuservers`"),
    "The older block `nbuserver` holds the same keys for a single primary, whose `site` is its `host`\n" +
    "unless given. It is not collected where `nbuservers` is present.",
    `The keys ${
      ignored.map(({ path }) => `\`${path.replace(/^.*\./, "")}\``).join(", ")
    } of the Go ` +
    "exporter are accepted and do nothing.",
    chapter("logging", "`logging`"),
    chapter("state", "`state`"),
    ...collectorsChapter(keys, sections),
    chapter("opentelemetry", "`opentelemetry`"),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The keys that all collectors have are listed once. */
function collectorsChapter(
  keys: readonly KeyInfo[],
  sections: readonly CollectorSection[],
): readonly string[] {
  const byPath = new Map(keys.map((info) => [info.path, info]));
  const common = COMMON_COLLECTOR_KEYS.flatMap((name) => {
    const info = byPath.get(`collectors.${sections[0]?.name}.${name}`);
    if (!info) return [];
    const cells = row({ ...info, path: `collectors.NAME.${name}` });
    return [name === "enabled" ? cells.with(2, "see above") : cells];
  });
  const own = keys.filter(({ path, kind }) =>
    path.startsWith("collectors.") && kind !== "section" &&
    !sections.some(({ name }) =>
      COMMON_COLLECTOR_KEYS.some((key) => path === `collectors.${name}.${key}`)
    )
  );
  const overview = sections.map(({ name, summary, enabledByDefault }) => [
    `\`${name}\``,
    enabledByDefault ? "yes" : "",
    summary,
  ]);
  return [
    "## `collectors`",
    sentence(keys, "collectors"),
    markdownTable([["Collector", "On by default", "What"], ...overview]),
    "Every collector has these keys:",
    markdownTable([HEAD, ...common]),
    ...(own.length === 0
      ? []
      : ["Some have keys of their own:", markdownTable([HEAD, ...own.map(row)])]),
  ];
}

function sentence(keys: readonly KeyInfo[], path: string): string {
  return keys.find((info) => info.path === path)?.description ?? "";
}

function row({ path, expected, defaultText, required, description }: KeyInfo): string[] {
  const byDefault = required
    ? "required"
    : defaultText === undefined || defaultText === ""
    ? ""
    : `\`${defaultText}\``;
  return [`\`${path}\``, expected ?? "", byDefault, description ?? ""];
}
