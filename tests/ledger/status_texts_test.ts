import assert from "node:assert/strict";
import { createLedgerCollector } from "../../src/ledger/collector.ts";
import { queueReasonName } from "../../src/ledger/queue_reasons.ts";
import { STATUS_MEANINGS, statusClass } from "../../src/ledger/status_meanings.ts";
import { StatusTexts } from "../../src/ledger/status_texts.ts";
import { fetchStatusMessage } from "../../src/netbackup/resources/status_codes.ts";
import type { JsonRequest } from "../../src/netbackup/api.ts";
import { createFakeClient, statusError, unlimited } from "../testing/fake_client.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

function linesOf(texts: StatusTexts): string[] {
  return texts.build("a").samples.map(({ labels }) =>
    `${labels["status"]}: ${labels["meaning"]} (${labels["class"]})`
  );
}

Deno.test("StatusTexts knows common codes at once and asks for others once, a few per poll", async () => {
  const texts = new StatusTexts();
  const asked: number[] = [];
  const lookup = (status: number) => {
    asked.push(status);
    return Promise.resolve(status === 9003 ? undefined : `text ${status}`);
  };
  for (const status of [0, 196, -1, 9001, 9002, 9003, 9004]) texts.see(status);
  await texts.learn(lookup);
  assert.deepEqual(asked, [9001, 9002, 9003]);
  await texts.learn(lookup);
  await texts.learn(lookup);
  assert.deepEqual(asked, [9001, 9002, 9003, 9004]);
  assert.deepEqual(linesOf(texts), [
    "0: completed (success)",
    "196: the backup window closed before the client was tried (missed_window)",
    "-1: no status was given (failed)",
    "9001: text 9001 (failed)",
    "9002: text 9002 (failed)",
    "9003:  (failed)",
    "9004: text 9004 (failed)",
  ]);
  const restored = new StatusTexts();
  restored.restore(texts.serialize());
  restored.see(9001);
  restored.see(9003);
  await restored.learn(lookup);
  assert.equal(asked.length, 4, "responses are kept, the empty one too");
});

Deno.test("statusClass() tells apart what is neither success nor failure", () => {
  assert.deepEqual([0, 1, 150, 196, 96].map(statusClass), [
    "success",
    "partial",
    "cancelled",
    "missed_window",
    "failed",
  ]);
});

Deno.test("the shipped meanings are short plain words", () => {
  assert.ok(STATUS_MEANINGS.size >= 80);
  for (const [status, meaning] of STATUS_MEANINGS) {
    assert.match(meaning, /^[a-z][^"\\\n]{4,70}[^.\s]$/, String(status));
  }
});

Deno.test("queueReasonName() names the documented codes", () => {
  assert.deepEqual([0, 5, 31, -99, 77].map(queueReasonName), [
    "NONE",
    "MAX_STORAGE_UNIT_JOBS",
    "MEDIA_SERVER_JOBS_THROTTLED",
    "UNKNOWN",
    "UNKNOWN",
  ]);
});

Deno.test("fetchStatusMessage() asks for one code and takes what is no text for none", async () => {
  const client = createFakeClient();
  const requests: JsonRequest[] = [];
  const fetch = (response: unknown) => {
    client.respond = (request) => {
      requests.push(request);
      if (response instanceof Error) throw response;
      return response;
    };
    return fetchStatusMessage({ client, version: "14.0" }, 2074, unlimited());
  };
  const attributes = { statusMessage: " Disk volume is down " };
  assert.equal(await fetch({ data: { attributes } }), "Disk volume is down");
  const { endpoint, path } = requests[0] ?? {};
  assert.deepEqual([endpoint, path], ["/status-codes/{statusCode}", "/status-codes/2074"]);
  assert.equal(await fetch({ data: { attributes: { statusMessage: 5 } } }), undefined);
  assert.equal(await fetch({ data: { attributes: { statusMessage: " " } } }), undefined);
  assert.equal(await fetch([]), undefined);
  for (const status of [400, 404, 406]) assert.equal(await fetch(statusError(status)), undefined);
  await assert.rejects(fetch(statusError(503)), /503/);
});

Deno.test("a text that cannot be looked up fails no poll, and is not asked for at the next", async () => {
  const client = createFakeClient();
  const log = createRecordingLogger();
  const now = createFakeClock().now();
  const attributes = {
    ...{ jobId: 1, jobType: "BACKUP", state: "DONE", status: 9001 },
    ...{ endTime: new Date(now - 1000).toISOString() },
  };
  client.respond = ({ endpoint, query }) => {
    if (endpoint.startsWith("/status-codes")) throw statusError(503, endpoint);
    const finished = String(query?.["filter"]).includes("eq 'DONE'");
    return { data: finished ? [{ attributes }] : [], meta: {} };
  };
  const collector = createLedgerCollector({ site: "a" });
  const collect = () =>
    collector.collect({
      site: "a",
      session: { client, version: "14.0" },
      request: unlimited(),
      clock: createFakeClock(),
      windowMs: 60_000,
      logger: log.logger,
    });
  const { families } = await collect();
  const info = families.find(({ definition }) => definition.name === "nbu_status_info");
  assert.deepEqual(info?.samples.map(({ labels }) => labels["status"]), ["9001"]);
  await collect();
  const lookups = () => client.asked.filter((endpoint) => endpoint.startsWith("/status-codes"));
  assert.equal(lookups().length, 1);
  for (let poll = 0; poll < 12; poll++) await collect();
  assert.equal(lookups().length, 2);
});
