/**
 * What is published, in pieces: one for each metric and source.
 *
 * @module
 */
import { mergeFamilies, renderHead, renderSamples } from "../exposition.ts";
import type { MetricDefinition, MetricFamily, Sample } from "../types.ts";
import { Piece } from "./piece.ts";

interface SamplesPiece {
  readonly family: MetricFamily;
  readonly piece: Piece;
}

interface Metric {
  readonly definition: MetricDefinition;
  readonly head: Piece;
  readonly bySource: Map<string, SamplesPiece>;
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
   * Replaces what a source has published. A metric whose samples are what they were keeps its
   * piece, and so what was rendered of it.
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
      const known = bySource.get(source);
      if (known && sameSamples(known.family.samples, family.samples)) continue;
      const piece = new Piece((format) => renderSamples(family, format));
      bySource.set(source, { family, piece });
      fresh.push(piece);
    }
    if (names.size > 0) this.#namesBySource.set(source, names);
    else this.#namesBySource.delete(source);
    return fresh;
  }

  /** All pieces in the order of the page: metrics by name, each with its head in front. */
  *inOrder(): Generator<Piece> {
    this.#sorted ??= [...this.#metrics.keys()].sort();
    for (const name of this.#sorted) {
      const metric = this.#metrics.get(name);
      if (!metric) continue;
      yield metric.head;
      for (const { piece } of metric.bySource.values()) yield piece;
    }
  }

  #metric(definition: MetricDefinition, fresh: Piece[]): Metric {
    let metric = this.#metrics.get(definition.name);
    if (!metric) {
      const head = new Piece((format) => renderHead(definition, format));
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

function sameSamples(a: readonly Sample[], b: readonly Sample[]): boolean {
  return a === b || a.length === b.length && a.every((sample, index) => {
        const other = b[index];
        return other !== undefined && Object.is(sample.value, other.value) &&
          sample.suffix === other.suffix && sample.exemplar === other.exemplar &&
          sameLabels(sample.labels, other.labels);
      });
}

function sameLabels(a: Sample["labels"], b: Sample["labels"]): boolean {
  if (a === b) return true;
  // Labels of one metric stand in the order of its definition.
  for (const name in a) if (a[name] !== b[name]) return false;
  return true;
}
