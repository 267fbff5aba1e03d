/**
 * A collector that does what the test says.
 *
 * @module
 */
import type { CollectContext, Collector, CollectorResult } from "../../src/collectors/collector.ts";
import { diskCapacityBytes } from "../../src/metrics/catalogue.ts";
import { singleSample } from "../../src/metrics/family.ts";

/** A collector under the control of a test. */
export interface FakeCollector extends Collector {
  runs: number;
  behave: (context: CollectContext) => Promise<CollectorResult>;
}

/** A result with one recognisable series. */
export function resultOf(site: string, value: number): CollectorResult {
  return {
    families: [singleSample(diskCapacityBytes, { site, name: "n", type: "t" }, value)],
    cumulative: [],
    rows: 1,
  };
}

/** Makes a collector that succeeds until told otherwise; that of storage with one series. */
export function createFakeCollector(name: string): FakeCollector {
  return {
    name,
    runs: 0,
    behave: ({ site }) =>
      Promise.resolve(
        name === "storage" ? resultOf(site, 1) : { families: [], cumulative: [], rows: 0 },
      ),
    collect(context) {
      this.runs += 1;
      return this.behave(context);
    },
  };
}

/** Waits until the run is aborted, as a primary does that never answers. */
export function hang({ request }: CollectContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    request.signal.addEventListener("abort", () => reject(request.signal.reason));
  });
}
