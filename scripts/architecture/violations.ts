/**
 * What in the imports of the source tree breaks the order of the rooms.
 *
 * @module
 */
import { cyclesOf } from "./cycles.ts";
import type { SourceFile } from "./graph.ts";
import { roomIndexOf, ROOMS } from "./rooms.ts";

/** What build information is read from; no code. */
const MANIFEST = "deno.json";

/**
 * Checks the imports of all files.
 *
 * @returns One sentence per violation, each with the file and what it imports; empty when all is well.
 */
export function violationsOf(files: readonly SourceFile[]): string[] {
  return [
    ...files.flatMap(violationsOfFile),
    ...cyclesOf(roomEdges(files)).map((names) => `rooms import each other: ${names.join(", ")}`),
    ...cyclesOf(new Map(files.map(({ path, files }) => [path, files])))
      .map((paths) => `files import each other: ${paths.join(", ")}`),
  ];
}

/** Which rooms each room imports from, by name; every room has an entry. */
export function roomEdges(files: readonly SourceFile[]): Map<string, string[]> {
  const edges = new Map(ROOMS.map(({ name }) => [name, new Set<string>()]));
  for (const { path, files: imports } of files) {
    const room = nameOf(path);
    for (const target of imports) {
      const other = nameOf(target);
      if (room !== undefined && other !== undefined && other !== room) edges.get(room)?.add(other);
    }
  }
  return new Map([...edges].map(([name, others]) => [name, [...others]]));
}

function violationsOfFile({ path, files: imports }: SourceFile): string[] {
  const room = roomIndexOf(path);
  if (room === undefined) {
    return [`"${path}" is in no room: add it to scripts/architecture/rooms.ts`];
  }
  return imports.flatMap((target) => {
    if (target === MANIFEST) return [];
    const other = roomIndexOf(target);
    if (other === undefined) return [`"${path}" imports "${target}", which is in no room`];
    if (other >= room) return [];
    return [
      `"${path}" imports "${target}": ${ROOMS[room]?.name} is below ${ROOMS[other]?.name}`,
    ];
  });
}

function nameOf(path: string): string | undefined {
  const index = roomIndexOf(path);
  return index === undefined ? undefined : ROOMS[index]?.name;
}
