import assert from "node:assert/strict";
import { HttpStatusError, UnexpectedBodyError } from "../../../src/netbackup/errors.ts";
import {
  countJobs,
  JOB_COUNT_ENDPOINT,
  jobCountRequest,
} from "../../../src/netbackup/resources/job_count.ts";
import { API_VERSIONS } from "../../simulator/protocol/version.ts";
import { openApi } from "../../simulator/openapi.ts";
import { createSimulator } from "../../simulator/simulator.ts";
import { skipped } from "../../testing/skipped.ts";
import { context, failure, fakeSession, KEY, setUpClient } from "../testing/fixtures.ts";

const documents = openApi();
const noDocuments = skipped("the body of the job count against the documents", documents.absent);

for (const version of API_VERSIONS) {
  Deno.test(`countJobs() is told the number of jobs by a primary of API ${version}`, async () => {
    const simulator = createSimulator({ apiVersion: version, apiKey: KEY });
    simulator.clearJobs();
    for (let index = 0; index < 10; index++) {
      simulator.addJob({ state: index < 4 ? "QUEUED" : "DONE" });
    }
    const { client, observer } = setUpClient(({ url, method, headers, body = null }) =>
      simulator.fetch(new Request(url, { method, headers, body }))
    );
    assert.equal(await countJobs({ client, version }, "state eq 'QUEUED'", context()), 4);
    assert.deepEqual(observer.requests.map(({ endpoint, code }) => [endpoint, code]), [
      [JOB_COUNT_ENDPOINT, "200"],
    ]);
  });
}

Deno.test({
  name: "the body of the job count fits the vendor's documents",
  ignore: noDocuments,
  fn() {
    for (const release of ["10.3", "11.0", "11.2"] as const) {
      const operation = { release, document: "admin", path: JOB_COUNT_ENDPOINT } as const;
      const request = { ...operation, method: "post", part: "request" } as const;
      assert.deepEqual(documents.check(request, jobCountRequest("state eq 'DONE'")), []);
      assert.notDeepEqual(documents.check(request, { data: { type: "job" } }), []);
    }
  },
});

Deno.test("countJobs() asks in version 6.0 where the negotiated one is not spoken for this", async () => {
  for (const status of [406, 415]) {
    const { session, requests } = fakeSession(({ version }) => {
      if (version !== "6.0") {
        throw new HttpStatusError({ site: "a", endpoint: JOB_COUNT_ENDPOINT }, { status });
      }
      return { data: { type: "jobCount", id: "jobCount", attributes: { count: 17, filter: "" } } };
    });
    assert.equal(await countJobs(session, "state eq 'DONE'", context()), 17);
    assert.deepEqual(requests.map(({ version }) => version), ["14.0", "6.0"]);
  }
});

Deno.test("countJobs() refuses a response without a number", async () => {
  for (const attributes of [{}, { count: "17" }, { count: 1.5 }]) {
    const { session } = fakeSession(() => ({ data: { attributes } }));
    await failure(countJobs(session, "state eq 'DONE'", context()), UnexpectedBodyError);
  }
});
