/** All collectors over mock servers that are made from the vendor's API documents. */
import assert from "node:assert/strict";
import { Secret } from "../../src/base/secret.ts";
import type { CollectorDefinition } from "../../src/collectors/collector.ts";
import { COLLECTORS } from "../../src/collectors/registry.ts";
import { createNetBackupClient } from "../../src/netbackup/client.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { runWith } from "../collectors/_run.ts";
import { WEB_CERTIFICATE } from "../collectors/_simulated.ts";
import type { Release } from "../simulator/openapi.ts";
import { ALL_OPTIONS } from "../simulator/collector_options.ts";
import { createFakeClient } from "../testing/fake_client.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { siteConfig } from "../testing/site_config.ts";
import { skipped } from "../testing/skipped.ts";
import { findPrism, type MockServer, startMock } from "./_prism.ts";

/** Releases in which a path is looked up, by API version: some documents of some are absent. */
const RELEASES: Readonly<Record<string, readonly Release[]>> = {
  "10.0": ["10.3", "11.0", "11.2"],
  "13.0": ["11.0", "11.2", "10.3"],
  "14.0": ["11.2", "11.0", "10.3"],
};
/** Runs of each collector, over other responses each time. */
const RUNS = 3;
const BASE = "/netbackup";

const prism = await findPrism();
const program = "program" in prism ? prism.program : "";
const noPrism = skipped(
  "collectors over mock servers of the vendor's documents",
  "absent" in prism ? prism.absent : undefined,
);

/** A place in the documents. */
interface Place {
  readonly mock: MockServer;
  readonly template: string;
}

/** Where a path is described: in the first release, or in the next that has what it lacks. */
function placeOf(path: string, order: readonly MockServer[]): Place | undefined {
  const [own] = order;
  for (const mock of order) {
    for (const [template, name] of mock.nameOf) {
      if (mock !== own && own?.names.has(name)) continue;
      if (new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path)) {
        return { mock, template };
      }
    }
  }
  return undefined;
}

/** A mock server does not filter, and no schema says which workloads there are. */
const FITTED: Readonly<Record<string, readonly [list: string, fields: Record<string, string>]>> = {
  "/config/hosts": ["hosts", { hostName: "media01.example.com" }],
  "/asset-service/workloads": ["data", { id: "vmware" }],
};

/** The response with a first row that leads to further lists. */
async function fitted(response: Response, template: string): Promise<Response> {
  const [list, fields] = FITTED[template] ?? [];
  if (list === undefined || !response.ok) return response;
  const body = await response.json();
  Object.assign(body[list][0], fields);
  return Response.json(body);
}

interface Outcome {
  /** Rows that were dropped, by endpoint. */
  readonly rejected: ReadonlyMap<string, number>;
  /** Responses by path template. */
  readonly responses: ReadonlyMap<string, number>;
}

/** Runs a collector once. Paths that no document has are answered 404, pages after the first are empty. */
async function run(
  mocks: readonly MockServer[],
  definition: CollectorDefinition,
  version: string,
  round: number,
): Promise<Outcome> {
  const clock = createFakeClock(Date.UTC(2026, 3, 15, 12));
  const { observer, rejected } = createFakeClient();
  const responses = new Map<string, number>();
  const order = (RELEASES[version] ?? []).flatMap((release) =>
    mocks.filter((mock) => mock.release === release)
  );
  const config = siteConfig({
    apiKey: new Secret("mock-key"),
    apiVersion: version,
    retry: { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 },
  });
  const client = createNetBackupClient(config, {
    clock,
    logger: createRecordingLogger().logger,
    observer,
    transport: {
      async send({ url, headers }) {
        const { pathname, search, searchParams } = new URL(url);
        const path = pathname.slice(BASE.length);
        const place = placeOf(path, order);
        if (!place) return Response.json({}, { status: 404 });
        const { mock, template } = place;
        if (searchParams.has("page[after]") || Number(searchParams.get("page[offset]") ?? 0) > 0) {
          return Response.json({ data: [] });
        }
        const response = await mock.get(`${path}${search}`, headers, `${round}${path}`);
        responses.set(template, response.status);
        return await fitted(response, template);
      },
      webCertificate: () => Promise.resolve(WEB_CERTIFICATE),
      close() {},
    },
  });
  try {
    await runWith(definition, client, clock, ALL_OPTIONS[definition.name]);
  } catch (error) {
    if (!(error instanceof EndpointUnsupportedError)) throw error;
  } finally {
    await client.close({ timeoutMs: 0 });
  }
  return { rejected, responses };
}

/** Endpoints of the collectors that a document describes. */
function described(mocks: readonly MockServer[]): ReadonlySet<string> {
  const endpoints = COLLECTORS.flatMap(({ resources }) =>
    resources.map(({ endpoint }) => endpoint)
  );
  return new Set(endpoints.filter((endpoint) => mocks.some(({ nameOf }) => nameOf.has(endpoint))));
}

Deno.test({
  name: "collectors reject no row that the vendor's schemas allow and that carries its key",
  ignore: noPrism,
  async fn(test) {
    const mocks: MockServer[] = [];
    const answered = new Set<string>();
    try {
      for (const release of ["10.3", "11.0", "11.2"] as const) {
        mocks.push(await startMock(program, release));
      }
      for (const version of Object.keys(RELEASES)) {
        for (const definition of COLLECTORS) {
          await test.step(`${definition.name}, API ${version}`, async () => {
            for (let round = 0; round < RUNS; round++) {
              const { rejected, responses } = await run(mocks, definition, version, round);
              assert.deepEqual([...rejected], []);
              for (const [path, status] of responses) {
                assert.equal(status, 200, path);
                answered.add(path);
              }
            }
          });
        }
      }
      await test.step("every endpoint that a document describes was asked and answered", () => {
        const missing = [...described(mocks)].filter((endpoint) => !answered.has(endpoint));
        assert.deepEqual(missing, []);
      });
    } finally {
      for (const mock of mocks) await mock.stop();
    }
  },
});
