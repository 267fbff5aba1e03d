/**
 * A publisher that remembers.
 *
 * @module
 */
import type { LiveSource } from "../../src/metrics/page/page.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import type { Publisher } from "../../src/site/site_publisher.ts";

/** What was published, as a page would show it. */
export interface RecordingPublisher extends Publisher {
  /** All families as they stand, live ones included. */
  families(): MetricFamily[];
  /** Sources in the order in which they published. */
  readonly publications: readonly string[];
  /** The live sources by name. */
  readonly live: ReadonlyMap<string, LiveSource>;
}

/** Makes a publisher. */
export function createRecordingPublisher(): RecordingPublisher {
  const bySource = new Map<string, readonly MetricFamily[]>();
  const live = new Map<string, LiveSource>();
  const publications: string[] = [];
  return {
    publications,
    live,
    publish(source, families) {
      publications.push(source);
      bySource.set(source, families);
    },
    withdraw(source) {
      bySource.delete(source);
      live.delete(source);
    },
    addLive(source, families) {
      live.set(source, families);
    },
    families: () => [
      ...[...bySource.values()].flat(),
      ...[...live.values()].flatMap((source) => [...source.families()]),
    ],
  };
}
