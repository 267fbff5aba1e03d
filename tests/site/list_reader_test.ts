import assert from "node:assert/strict";
import { HttpStatusError } from "../../src/netbackup/errors.ts";
import {
  EndpointUnsupportedError,
  listResource,
  resourceAt,
} from "../../src/netbackup/resource.ts";
import { row } from "../../src/netbackup/row.ts";
import { EndpointSupport } from "../../src/site/endpoint_support.ts";
import { createListReader } from "../../src/site/list_reader.ts";
import { createSessionHolder } from "../../src/site/session.ts";
import { createFakeClient, offsetPage, statusError, unlimited } from "../testing/fake_client.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

const ENDPOINT = "/hosts/{hostId}/services";
const services = listResource({
  endpoint: ENDPOINT,
  permission: "|HOSTS|",
  since: "10.0",
  paging: "offset",
  limit: 100,
  row: row({}),
});
const of = (hostId: string) => resourceAt(services, { hostId });

/** A reader over a client that answers with these statuses by path; 200 is one row. */
function readerOver(statuses: Readonly<Record<string, number>>) {
  const client = createFakeClient();
  const clock = createFakeClock();
  const asked: string[] = [];
  client.respond = ({ path = "" }) => {
    asked.push(path);
    const status = statuses[path] ?? 404;
    if (status !== 200) throw statusError(status, ENDPOINT);
    return offsetPage([{ id: path }]);
  };
  const session = createSessionHolder({
    ...{ site: "a", client, clock, logger: createRecordingLogger().logger },
    ...{ configuredVersion: undefined, pollIntervalMs: 60_000 },
  });
  const support = new EndpointSupport(() => clock.monotonic());
  const reader = createListReader({ site: "a", session, support, request: unlimited() });
  return { reader, asked };
}

for (const status of [404, 410]) {
  Deno.test(`ListReader takes ${status} of one path for that path, and asks for the others`, async () => {
    const { reader, asked } = readerOver({
      "/hosts/gone/services": status,
      "/hosts/up/services": 200,
    });
    await assert.rejects(reader.read(of("gone")), EndpointUnsupportedError);
    assert.equal((await reader.read(of("up"))).rows.length, 1);
    await assert.rejects(reader.read(of("gone")), EndpointUnsupportedError);
    assert.deepEqual(new Set(asked), new Set(["/hosts/gone/services", "/hosts/up/services"]));
    assert.equal(asked.filter((path) => path.includes("gone")).length, 2, "it may come back");
  });
}

Deno.test("ListReader takes 406 of one path for the endpoint, and asks for no other", async () => {
  const { reader, asked } = readerOver({ "/hosts/a/services": 406, "/hosts/b/services": 200 });
  await assert.rejects(reader.read(of("a")), EndpointUnsupportedError);
  await assert.rejects(reader.read(of("b")), EndpointUnsupportedError);
  assert.deepEqual([...new Set(asked)], ["/hosts/a/services"]);
});

Deno.test("ListReader hands on what else is answered of a path", async () => {
  const { reader } = readerOver({ "/hosts/a/services": 500 });
  await assert.rejects(reader.read(of("a")), HttpStatusError);
});
