import assert from "node:assert/strict";
import { createFakeClock } from "../testing/fake_clock.ts";
import { skipped } from "../testing/skipped.ts";
import type { SimulatedList } from "./lists/define.ts";
import { LISTS } from "./lists/registry.ts";
import { sampleWorld } from "./lists_testing.ts";
import { openApi, type Operation, type Release } from "./openapi.ts";
import { API_VERSIONS, type ApiVersion } from "./protocol/version.ts";
import { ask } from "./requests.ts";
import { createSimulator } from "./simulator.ts";

const documents = openApi();
const noDocuments = skipped("lists against the documents of the API", documents.absent);

/** Releases whose documents a version is checked against: the first that describes the endpoint. */
const RELEASES: Readonly<Record<ApiVersion, readonly Release[]>> = {
  "10.0": ["10.3", "11.0", "11.2"],
  // What 10.5 changed, 10.4 did not have yet.
  "11.0": ["10.3", "11.0", "11.2"],
  "12.0": ["11.0", "11.2", "10.3"],
  "13.0": ["11.0", "11.2", "10.3"],
  "14.0": ["11.2", "11.0", "10.3"],
};

/** What 11.0 added, and its documents require; 10.5 is checked against them but has it not. */
const ADDED_IN_11_0 = /must have required property '(isCertDeleted|fipsEnabled)'/;

/** Policies come in forms of their types' own without it. */
const GENERIC = { "x-netbackup-policy-use-generic-schema": "true" };

/** What no body may hold more than so many of, so that a broken list reads well. */
const MAX_SHOWN = 5;

const schemaTest = (name: string, run: () => void | Promise<void>) =>
  Deno.test({ name: `schema: ${name}`, ignore: noDocuments, fn: run });

function describing(
  version: ApiVersion,
  { document = "" }: SimulatedList,
  path: string,
): Operation {
  const found = RELEASES[version].map((release) => ({ release, document, path }))
    .find((operation) => documents.has(operation));
  assert.ok(found, `no release describes ${path}`);
  return found;
}

const has = (list: SimulatedList, version: ApiVersion) =>
  Number(list.since ?? 0) <= Number(version);

for (const list of LISTS.filter(({ document }) => document !== undefined)) {
  for (const version of API_VERSIONS.filter((candidate) => has(list, candidate))) {
    schemaTest(`${list.endpoint} in API ${version} fits the vendor's documents`, async () => {
      const simulator = createSimulator({
        apiVersion: version,
        clock: createFakeClock(Date.UTC(2026, 3, 1, 12, 34, 56)),
        jobsPerHour: 600,
        storageUnitCount: 40,
      });
      const read = async (
        template: string,
        parameters: Readonly<Record<string, string>>,
        page: Readonly<Record<string, number>> = {},
      ) => {
        const path = template.replaceAll(
          /\{(\w+)\}/g,
          (_, name) => encodeURIComponent(parameters[name] ?? ""),
        );
        const options = { version, query: page, headers: GENERIC };
        const response = await ask(simulator, path, options);
        const body = await response.json();
        assert.equal(response.status, 200, JSON.stringify(body));
        const operation = describing(version, list, template);
        const wrong = documents.check(operation, body, list.beyondSchema)
          .filter((complaint) => version !== "12.0" || !ADDED_IN_11_0.test(complaint));
        assert.deepEqual(wrong.slice(0, MAX_SHOWN), []);
        const unknown = new Set(documents.unknownProperties(operation, body));
        assert.deepEqual([...unknown].slice(0, MAX_SHOWN), []);
      };
      const { endpoint, detail, paging } = list;
      for (const parameters of list.samples?.(sampleWorld(version)) ?? [{}]) {
        if (paging.kind === "none") await read(endpoint, parameters);
        else {
          await read(endpoint, parameters, { "page[limit]": paging.limits.max ?? 100 });
          // In the middle of the list, where there are pages on both sides.
          const middle = paging.kind === "cursor" ? {} : { "page[offset]": 1 };
          await read(endpoint, parameters, { "page[limit]": 1, ...middle });
        }
        const [first] = simulator.truth.rows(endpoint, { parameters });
        assert.ok(first, "a list without rows checks nothing");
        const [, name] = /\{(\w+)\}$/.exec(detail ?? "") ?? [];
        if (detail && name) await read(detail, { ...parameters, [name]: first.id });
      }
    });
  }
}
