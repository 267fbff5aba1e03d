/**
 * Cycles of a directed graph.
 *
 * @module
 */

/**
 * Finds the groups of nodes that reach each other (strongly connected components), by Tarjan's
 * algorithm.
 *
 * @returns One list per group of two nodes or more, and for a node with an edge to itself.
 * @example
 * ```ts
 * import { cyclesOf } from "./cycles.ts";
 *
 * cyclesOf(new Map([["a", ["b"]], ["b", ["a", "c"]], ["c", []]])); // [["a", "b"]]
 * ```
 */
export function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];

  const visit = (node: string): number => {
    const index = order.size;
    order.set(node, index);
    low.set(node, index);
    open.push(node);
    for (const next of edges.get(node) ?? []) {
      const reached = !order.has(next)
        ? visit(next)
        : open.includes(next)
        ? order.get(next)
        : index;
      low.set(node, Math.min(low.get(node) ?? index, reached ?? index));
    }
    const lowest = low.get(node) ?? index;
    if (lowest === index) {
      const group = open.splice(open.indexOf(node));
      const isLoop = group.length > 1 || (edges.get(node) ?? []).includes(node);
      if (isLoop) cycles.push(group.sort());
    }
    return lowest;
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return cycles.sort();
}
