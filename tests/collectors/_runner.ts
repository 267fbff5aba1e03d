/**
 * A collector that is run again and again, over lists that the test gives.
 *
 * @module
 */
import type { Collector, CollectorDefinition } from "../../src/collectors/collector.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import type { JsonRequest } from "../../src/netbackup/api.ts";
import { createFakeClient, statusError } from "../testing/fake_client.ts";
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import { valueOf } from "../testing/samples.ts";
import { collectWith, pageOf, type RunResult } from "./_run.ts";

/** Rows of a list; a number is the HTTP status that is answered instead. */
export type Rows = readonly unknown[] | number;

/** Rows by endpoint, or what finds them for a request. */
export type Lists = Readonly<Record<string, Rows | ((request: JsonRequest) => Rows)>>;

/** Runs one collector. */
export interface Runner {
  readonly collector: Collector;
  readonly clock: FakeClock;
  /**
   * Runs it over these lists.
   *
   * @throws Error What the collector throws.
   */
  run(lists: Lists): Promise<RunResult>;
}

/**
 * Makes a collector.
 *
 * @param options Keys of its own in the configuration.
 */
export function createRunner(
  definition: CollectorDefinition,
  options: Readonly<Record<string, unknown>> = {},
): Runner {
  const clock = createFakeClock();
  const collector = definition.create({
    site: "a",
    primary: "https://a.example.com",
    options: Object.assign(newTreeMap(), options),
    state: undefined,
  });
  return {
    collector,
    clock,
    async run(lists) {
      const client = createFakeClient();
      const requests: JsonRequest[] = [];
      client.respond = (request) => {
        requests.push(request);
        const given = lists[request.endpoint] ?? 404;
        const rows = typeof given === "function" ? given(request) : given;
        if (typeof rows === "number") throw statusError(rows, request.endpoint);
        return pageOf(rows, request, Infinity);
      };
      const result = await collectWith(collector, client, clock);
      const all = [...result.families, ...result.cumulative];
      const value: RunResult["value"] = (metric, labels) => valueOf(all, metric, labels);
      return { ...result, client, requests, value };
    },
  };
}
