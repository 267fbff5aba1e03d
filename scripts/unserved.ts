/**
 * The sentence of the README about settings that are accepted and have no effect yet.
 *
 * @module
 */
import { UNSERVED_SECTIONS } from "../src/collectors/sections.ts";

const WIDTH = 100;

/** The sentence as Markdown, wrapped as `deno fmt` does. */
export function unservedSentence(
  names: readonly string[] = UNSERVED_SECTIONS.map(({ name }) => name),
): string {
  if (names.length === 0) return "";
  const list = new Intl.ListFormat("en").format(names.map((name) => `\`${name}\``));
  return wrap(
    `Not implemented yet: the ${names.length === 1 ? "collector" : "collectors"} ${list}. ` +
      "The settings are accepted, and `nbu_exporter check` and the log of each start say that they " +
      "have no effect.",
  );
}

function wrap(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
