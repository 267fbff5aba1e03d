import assert from "node:assert/strict";
import { statusError } from "../testing/fake_client.ts";
import { fakeDefinition, hang } from "../testing/fake_collector.ts";
import { listCollector } from "./_list.ts";
import { INTERVAL, MINUTE, SECOND, withSite } from "./_world.ts";

const KEY_CHECK = "authorization-context";

Deno.test("Site tries a bad key with one request and stops all collectors before they begin", async () => {
  await withSite(async ({ site, clock, client, storage, jobs, value }) => {
    client.keyAccepted = false;
    site.start(0);
    await clock.advance(MINUTE);
    assert.deepEqual(client.asked, ["ping", KEY_CHECK]);
    assert.deepEqual([storage.runs, jobs.runs], [0, 0]);
    assert.equal(value("nbu_up"), 0);
    for (const collector of ["storage", "jobs", "other"]) {
      assert.equal(value("nbu_collector_errors_total", { collector, reason: "auth" }), 1);
    }
  }, { others: [fakeDefinition("other")] });
});

Deno.test("Site tries a bad key again after growing pauses, and recovers alone", async () => {
  await withSite(async ({ site, clock, client, asked, value }) => {
    client.keyAccepted = false;
    site.start(0);
    const tries: number[] = [];
    for (let minute = 0; minute <= 120; minute++) {
      await clock.advance(minute === 0 ? 0 : MINUTE);
      if (asked(KEY_CHECK) > tries.length) tries.push(minute);
    }
    const pauses = tries.slice(1).map((minute, index) => minute - (tries[index] ?? 0));
    assert.equal(tries[0], 0);
    assert.ok(tries.length >= 3 && tries.length <= 6, `tried at ${tries}`);
    assert.deepEqual(pauses, [...pauses].sort((a, b) => a - b), `tried at ${tries}`);
    client.keyAccepted = true;
    await clock.advance(4 * 60 * MINUTE);
    assert.equal(value("nbu_up"), 1);
    assert.equal(value("nbu_collection_interval_factor"), 1);
  });
});

Deno.test("Site tries a bad key at most three times within three minutes when polled each second", async () => {
  await withSite(async ({ site, clock, client, asked }) => {
    client.keyAccepted = false;
    site.start(0);
    await clock.advance(3 * MINUTE);
    assert.ok(asked(KEY_CHECK) >= 2 && asked(KEY_CHECK) <= 3, `${asked(KEY_CHECK)} tries`);
  }, { server: { collectionIntervalMs: SECOND } });
});

Deno.test("Site stops the other runs when the key turns bad while they go on", async () => {
  await withSite(async ({ site, clock, client, storage, jobs, value, asked }) => {
    site.start(0);
    await clock.advance(MINUTE);
    client.keyAccepted = false;
    client.respond = ({ endpoint }) => {
      throw statusError(401, endpoint);
    };
    jobs.behave = hang;
    storage.behave = hang;
    await clock.advance(INTERVAL);
    for (const collector of ["storage", "jobs", "one"]) {
      const labels = { collector, reason: "auth" };
      assert.equal(value("nbu_collector_errors_total", labels), 1, collector);
    }
    assert.equal(asked("/lists/one"), 2);
    assert.equal(asked(KEY_CHECK), 2);
  }, { others: [listCollector("one")] });
});

Deno.test("Site keeps the API version it knows while the key is refused", async () => {
  await withSite(async ({ site, clock, client, value }) => {
    site.start(0);
    await clock.advance(MINUTE);
    client.keyAccepted = false;
    client.respond = ({ endpoint }) => {
      throw statusError(401, endpoint);
    };
    await clock.advance(2 * INTERVAL);
    assert.equal(value("nbu_collector_success", { collector: "one" }), 0);
    assert.equal(value("nbu_api_version", { version: "14.0" }), 1);
  }, { others: [listCollector("one")] });
});

for (const status of [401, 403]) {
  Deno.test(`Site takes ${status} with a good key for a missing permission, and names it`, async () => {
    await withSite(async ({ site, clock, client, jobs, records, value }) => {
      client.respond = ({ endpoint }) => {
        throw statusError(status, endpoint);
      };
      site.start(0);
      await clock.advance(MINUTE);
      const labels = { collector: "one", reason: "forbidden" };
      assert.equal(value("nbu_collector_errors_total", labels), 1);
      assert.equal(value("nbu_up"), 1);
      assert.equal(jobs.runs, 1);
      const warnings = records.filter((record) => record.level === "warn");
      assert.equal(warnings.length, 1);
      assert.doesNotMatch(String(warnings[0]?.fields["error"]), /wrong|expired|revoked/);
      assert.match(
        String(warnings[0]?.fields["error"]),
        /not authorized for GET \/lists\/one .*permission "\|LISTS\|ONE\|" with VIEW/,
      );
      await clock.advance(2 * INTERVAL);
      assert.equal(value("nbu_collection_interval_factor"), 1, "the primary works");
    }, { others: [listCollector("one")] });
  });
}

Deno.test("Site explains a refusal of what a collector reads by itself, too", async () => {
  const resources = [{ endpoint: "/admin/jobs", permission: "|MANAGE|JOBS|", since: "10.0" }];
  const own = fakeDefinition("own", { resources });
  own.behave = () => Promise.reject(statusError(403));
  await withSite(async ({ site, clock, records, value }) => {
    site.start(0);
    await clock.advance(MINUTE);
    const labels = { collector: "own", reason: "forbidden" };
    assert.equal(value("nbu_collector_errors_total", labels), 1);
    const warning = records.find((record) => record.level === "warn");
    assert.match(String(warning?.fields["error"]), /"\|MANAGE\|JOBS\|" with VIEW/);
  }, { others: [own] });
});
