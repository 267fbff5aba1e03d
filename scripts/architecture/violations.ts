/**
 * What in the imports of the source tree breaks the order of the layers.
 *
 * @module
 */
import { cyclesOf } from "./cycles.ts";
import type { SourceFile } from "./graph.ts";
import { layerIndexOf, LAYERS } from "./layers.ts";

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
    ...cyclesOf(layerEdges(files)).map((names) => `layers import each other: ${names.join(", ")}`),
    ...cyclesOf(new Map(files.map(({ path, files }) => [path, files])))
      .map((paths) => `files import each other: ${paths.join(", ")}`),
  ];
}

/** Which layers each layer imports from, by name; every layer has an entry. */
export function layerEdges(files: readonly SourceFile[]): Map<string, string[]> {
  const edges = new Map(LAYERS.map(({ name }) => [name, new Set<string>()]));
  for (const { path, files: imports } of files) {
    const layer = nameOf(path);
    for (const target of imports) {
      const other = nameOf(target);
      if (layer !== undefined && other !== undefined && other !== layer) {
        edges.get(layer)?.add(other);
      }
    }
  }
  return new Map([...edges].map(([name, others]) => [name, [...others]]));
}

function violationsOfFile({ path, files: imports }: SourceFile): string[] {
  const layer = layerIndexOf(path);
  if (layer === undefined) {
    return [`"${path}" is in no layer: add it to scripts/architecture/layers.ts`];
  }
  return imports.flatMap((target) => {
    if (target === MANIFEST) return [];
    const other = layerIndexOf(target);
    if (other === undefined) return [`"${path}" imports "${target}", which is in no layer`];
    if (other >= layer) return [];
    return [
      `"${path}" imports "${target}": ${LAYERS[layer]?.name} is below ${LAYERS[other]?.name}`,
    ];
  });
}

function nameOf(path: string): string | undefined {
  const index = layerIndexOf(path);
  return index === undefined ? undefined : LAYERS[index]?.name;
}
