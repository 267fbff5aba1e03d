import assert from "node:assert/strict";
import { COLLECTORS } from "../../src/collectors/registry.ts";
import type { CollectorDefinition } from "../../src/collectors/collector.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { ForbiddenError } from "../../src/site/errors.ts";
import { ALL_OPTIONS } from "../simulator/collector_options.ts";
import { largestPage } from "../simulator/lists_testing.ts";
import { LISTS } from "../simulator/simulator.ts";
import { type SimulatedPrimary, simulatedPrimary, VERSIONS } from "./_simulated.ts";

/** All but the ledger, whose tests have a primary of their own. */
const DECLARED = COLLECTORS.filter(({ name }) => name !== "jobs");
/** Of which a backup day has to pass before there is anything to say. */
const NEEDS_TIME: ReadonlySet<string> = new Set(["sla"]);
/** What goes on without a permission, and says so in the log; their own tests show it. */
const GOES_ON: ReadonlySet<string> = new Set(["perClient"]);

/** Outcome of a run as the site would take it: anything but a success or a missing endpoint throws. */
async function outcome(primary: SimulatedPrimary, definition: CollectorDefinition) {
  try {
    const result = await primary.run(definition, ALL_OPTIONS[definition.name]);
    assert.deepEqual([...result.repeated ?? []], [], "no series comes twice");
    return result;
  } catch (error) {
    if (error instanceof EndpointUnsupportedError) return undefined;
    throw error;
  }
}

/** A version in which a collector reads an endpoint; in 14.0 another takes the place of this one. */
function readBy(endpoint: string): (typeof VERSIONS)[number] {
  return endpoint === "/malware/latest-scan-results" ? "13.0" : "14.0";
}

function listOf(endpoint: string) {
  const list = LISTS.find((list) => list.endpoint === endpoint);
  if (endpoint !== "/admin/jobs") assert.ok(list, `the simulated primary has ${endpoint}`);
  return list;
}

for (const definition of DECLARED) {
  const { name, resources, metrics } = definition;
  for (const version of VERSIONS) {
    Deno.test(`${name} accepts every row of a primary that speaks ${version}, and gives finite values`, async () => {
      const primary = simulatedPrimary({ apiVersion: version });
      const result = await outcome(primary, definition);
      assert.deepEqual([...primary.rejected], []);
      if (!result) {
        const [main] = resources;
        return assert.ok(Number(main?.since) > Number(version), "the release has what it reads");
      }
      const families = [...result.families, ...result.cumulative];
      const filled = families.filter(({ samples }) => samples.length > 0);
      const most = NEEDS_TIME.has(name) || filled.length >= metrics.length / 2;
      assert.ok(most, "most metrics have series");
      for (const { definition, samples } of filled) {
        for (const { value } of samples) assert.ok(Number.isFinite(value), definition.name);
      }
    });
  }

  for (const { endpoint, permission, operation = "VIEW" } of resources) {
    const list = listOf(endpoint);
    if (permission !== "" && list?.denial !== "empty" && !GOES_ON.has(name)) {
      Deno.test(`${name} names the permission that GET ${endpoint} takes`, async () => {
        const primary = simulatedPrimary({ apiVersion: readBy(endpoint) });
        primary.simulator.setDenied([endpoint]);
        await assert.rejects(outcome(primary, definition), (error) => {
          assert.ok(error instanceof ForbiddenError, String(error));
          assert.ok(error.message.includes(`"${permission}" with ${operation}`), error.message);
          return true;
        });
      });
    }

    for (const status of [404, 406]) {
      Deno.test(`${name} takes ${status} of GET ${endpoint} for a release without it`, async () => {
        const primary = simulatedPrimary({ apiVersion: readBy(endpoint) });
        primary.simulator.faults.add({ endpoint, kind: "status", status });
        await outcome(primary, definition);
      });
    }

    if (list === undefined) continue;
    // Lists in one response have no largest page.
    const page = Number.isFinite(largestPage(list)) ? largestPage(list) : 100;
    for (const count of [0, 1, page, page + 1, 3 * page + 1]) {
      Deno.test(`${name} reads GET ${endpoint} with ${count} rows`, async () => {
        const primary = simulatedPrimary({ apiVersion: readBy(endpoint) });
        primary.simulator.setRows(endpoint, count);
        assert.ok(await outcome(primary, definition));
        assert.deepEqual([...primary.rejected], []);
        const asked = primary.simulator.requests.to(endpoint);
        // What asks for a part only, by a filter, or for the length has tests of its own.
        if (asked.some(({ query }) => "filter" in query || query["page[limit]"] === "1")) return;
        const limits = asked.map(({ query }) => Number(query["page[limit]"] ?? Infinity));
        const pages = Math.max(1, Math.ceil(count / Math.min(...limits)));
        assert.ok(asked.length >= pages, `${asked.length} requests, ${pages} pages`);
      });
    }
  }
}
