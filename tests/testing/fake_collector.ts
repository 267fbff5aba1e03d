/**
 * Collectors that do what the test says.
 *
 * @module
 */
import type {
  CollectContext,
  Collector,
  CollectorDefinition,
  CollectorResult,
  CollectorSetting,
} from "../../src/collectors/collector.ts";
import { defineMetric } from "../../src/metrics/define.ts";
import { singleSample } from "../../src/metrics/family.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";

/** The gauge that fake collectors fill. */
export const fakeValue = defineMetric("nbu_fake_value", "gauge", "Value that a test sets", [
  "site",
]);

/** A collector that was made, with what became of it. */
export interface MadeCollector extends Collector {
  readonly setting: CollectorSetting;
  readonly runs: number;
  readonly flushes: number;
}

/** A definition under the control of a test. */
export interface FakeDefinition extends CollectorDefinition {
  /** What each run of its collectors does. */
  behave: (context: CollectContext, collector: MadeCollector) => Promise<CollectorResult>;
  /** What its collectors show while they run. */
  live: () => readonly MetricFamily[];
  /** Runs of all its collectors. */
  readonly runs: number;
  /** Its collectors in the order in which they were made. */
  readonly made: readonly MadeCollector[];
}

/** A result with one recognizable series. */
export function resultOf(site: string, value: number): CollectorResult {
  return { families: [singleSample(fakeValue, { site }, value)], cumulative: [], rows: 1 };
}

/** A result without series. */
export const EMPTY_RESULT: CollectorResult = { families: [], cumulative: [], rows: 0 };

/** Defines a collector that runs with each poll and finds nothing until told otherwise. */
export function fakeDefinition(
  name: string,
  changes: Partial<CollectorDefinition> = {},
): FakeDefinition {
  const made: MadeCollector[] = [];
  return {
    name,
    summary: "A fake.",
    enabledByDefault: true,
    main: false,
    resources: [],
    labels: {},
    metrics: [fakeValue],
    options: {},
    interval: ({ collectionIntervalMs }) => collectionIntervalMs,
    behave: () => Promise.resolve(EMPTY_RESULT),
    live: () => [],
    made,
    get runs() {
      return made.reduce((sum, { runs }) => sum + runs, 0);
    },
    create(setting) {
      let runs = 0;
      let flushes = 0;
      const collector: MadeCollector = {
        name,
        setting,
        get runs() {
          return runs;
        },
        get flushes() {
          return flushes;
        },
        collect: (context) => {
          runs++;
          return this.behave(context, collector);
        },
        liveFamilies: () => this.live(),
        flush() {
          flushes++;
          return Promise.resolve();
        },
      };
      made.push(collector);
      return collector;
    },
    ...changes,
  };
}

/** Waits until the run is aborted, as a primary does that never responds. */
export function hang({ request }: CollectContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    request.signal.addEventListener("abort", () => reject(request.signal.reason));
  });
}
