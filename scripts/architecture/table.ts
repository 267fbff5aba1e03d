/**
 * The table of layers in `ARCHITECTURE.md`.
 *
 * @module
 */
import { markdownTable } from "../markdown.ts";
import type { SourceFile } from "./graph.ts";
import { layerIndexOf, LAYERS } from "./layers.ts";
import { layerEdges } from "./violations.ts";

/** Draws the layers from the top down, each with what it imports: other layers, and npm packages. */
export function layerTable(files: readonly SourceFile[]): string {
  const edges = layerEdges(files);
  const rows = LAYERS.map(({ name, purpose }, index) => {
    const others = edges.get(name) ?? [];
    const packages = files.filter(({ path }) => layerIndexOf(path) === index)
      .flatMap(({ packages }) => packages);
    return [
      code(name),
      purpose,
      // In the order of the layers, not of their names.
      LAYERS.filter((layer) => others.includes(layer.name)).map((layer) => code(layer.name)).join(
        ", ",
      ),
      [...new Set(packages)].sort().map(code).join(", "),
    ];
  });
  return markdownTable([["Layer", "What it is for", "Imports from", "Packages"], ...rows]);
}

const code = (text: string) => `\`${text}\``;
