/**
 * The table of rooms in `ARCHITECTURE.md`.
 *
 * @module
 */
import { markdownTable } from "../markdown.ts";
import type { SourceFile } from "./graph.ts";
import { roomIndexOf, ROOMS } from "./rooms.ts";
import { roomEdges } from "./violations.ts";

/** Draws the rooms from the top down, each with what it imports: other rooms, and npm packages. */
export function roomTable(files: readonly SourceFile[]): string {
  const edges = roomEdges(files);
  const rows = ROOMS.map(({ name, purpose }, index) => {
    const others = edges.get(name) ?? [];
    const packages = files.filter(({ path }) => roomIndexOf(path) === index)
      .flatMap(({ packages }) => packages);
    return [
      code(name),
      purpose,
      // In the order of the rooms, not of their names.
      ROOMS.filter((room) => others.includes(room.name)).map((room) => code(room.name)).join(", "),
      [...new Set(packages)].sort().map(code).join(", "),
    ];
  });
  return markdownTable([["Room", "What it is for", "Imports from", "Packages"], ...rows]);
}

const code = (text: string) => `\`${text}\``;
