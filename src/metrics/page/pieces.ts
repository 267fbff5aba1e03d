/**
 * What is published, in pieces: one for each metric and source.
 *
 * @module
 */
import { mergeFamilies, renderHead, renderSamples } from "../exposition.ts";
import type { Format, MetricDefinition, MetricFamily } from "../types.ts";
import { Piece } from "./piece.ts";

interface Metric {
  readonly definition: MetricDefinition;
  readonly head: Piece;
  readonly bySource: Map<string, Piece>;
}

/** All pieces. */
export class Pieces {
  readonly #metrics = new Map<string, Metric>();
  readonly #namesBySource = new Map<string, ReadonlySet<string>>();
  #sorted: readonly string[] | undefined;

  /** Whether a metric is published. */
  has(name: string): boolean {
    return this.#metrics.has(name);
  }

  /**
   * Replaces what a source has published; a piece that shows the same already stays.
   *
   * @returns The pieces that are new.
   * @throws Error When two different definitions share a name; nothing is replaced then.
   */
  replace(source: string, families: readonly MetricFamily[]): Piece[] {
    const merged = mergeFamilies(families);
    for (const { definition } of merged) {
      const known = this.#metrics.get(definition.name);
      if (known && known.definition !== definition) {
        throw new Error(
          `Cannot publish the metric "${definition.name}": two different definitions share the name`,
        );
      }
    }
    const fresh: Piece[] = [];
    const names = new Set(merged.map(({ definition }) => definition.name));
    for (const name of this.#namesBySource.get(source) ?? []) {
      if (!names.has(name)) this.#remove(name, source);
    }
    for (const family of merged) {
      const { bySource } = this.#metric(family.definition, fresh);
      if (bySource.get(source)?.shows(family)) continue;
      const piece = samplesPiece(family);
      bySource.set(source, piece);
      fresh.push(piece);
    }
    if (names.size > 0) this.#namesBySource.set(source, names);
    else this.#namesBySource.delete(source);
    return fresh;
  }

  /** All pieces in the order of the page: metrics by name, each with its head in front. */
  *inOrder(): Generator<Piece> {
    for (const { head, bySource } of this.#byName()) {
      yield head;
      yield* bySource.values();
    }
  }

  /** The pieces of some sources, in the order of the page. */
  *ofSources(sources: ReadonlySet<string>): Generator<Piece> {
    for (const { head, bySource } of this.#byName()) {
      let first = true;
      for (const source of sources) {
        const piece = bySource.get(source);
        if (!piece) continue;
        if (first) yield head;
        first = false;
        yield piece;
      }
    }
  }

  *#byName(): Generator<Metric> {
    this.#sorted ??= [...this.#metrics.keys()].sort();
    for (const name of this.#sorted) {
      const metric = this.#metrics.get(name);
      if (metric) yield metric;
    }
  }

  #metric(definition: MetricDefinition, fresh: Piece[]): Metric {
    let metric = this.#metrics.get(definition.name);
    if (!metric) {
      const render = (format: Format) => renderHead(definition, format);
      const head = new Piece({ render, anyFormat: false });
      metric = { definition, head, bySource: new Map() };
      this.#metrics.set(definition.name, metric);
      this.#sorted = undefined;
      fresh.push(head);
    }
    return metric;
  }

  #remove(name: string, source: string): void {
    const metric = this.#metrics.get(name);
    metric?.bySource.delete(source);
    if (metric?.bySource.size !== 0) return;
    this.#metrics.delete(name);
    this.#sorted = undefined;
  }
}

/** Lines with exemplars, or with the time of their begin, are not the same in every format. */
function samplesPiece(family: MetricFamily): Piece {
  const anyFormat = !family.samples.some(({ exemplar, createdSeconds }) =>
    exemplar !== undefined || createdSeconds !== undefined
  );
  return new Piece({ render: (format) => renderSamples(family, format), anyFormat, family });
}
