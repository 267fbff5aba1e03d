/**
 * The table of docs/troubleshooting.md: each value of the label `reason`.
 *
 * @module
 */
import { REASON_TABLE, type ReasonRow } from "../../src/netbackup/errors/reasons.ts";
import { markdownTable } from "../markdown.ts";

/** The table as Markdown, in the order in which a request can fail. */
export function reasonsTable(reasons: readonly ReasonRow[] = REASON_TABLE): string {
  return markdownTable([
    ["Reason", "What happened", "What to do"],
    ...reasons.map(({ reason, meaning, remedy }) => [
      `\`${reason}\``,
      `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`,
      remedy,
    ]),
  ]);
}
