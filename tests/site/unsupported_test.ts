import assert from "node:assert/strict";
import * as v from "valibot";
import type { CollectorDefinition } from "../../src/collectors/collector.ts";
import { defineCollector, everyPoll } from "../../src/collectors/define.ts";
import { key } from "../../src/config/schema/keys.ts";
import { bool } from "../../src/config/schema/leaves.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import { gauge } from "../../src/metrics/define.ts";
import { NetworkError } from "../../src/netbackup/errors.ts";
import { listResource } from "../../src/netbackup/resource.ts";
import { row } from "../../src/netbackup/row.ts";
import { offsetPage, statusError } from "../testing/fake_client.ts";
import { EMPTY_RESULT, fakeDefinition } from "../testing/fake_collector.ts";
import { listCollector } from "./_list.ts";
import { INTERVAL, MINUTE, withSite, type World } from "./_world.ts";

const DAY = 24 * 60 * MINUTE;
/** Long intervals: a test of days is to take few turns. */
const HOURLY = { server: { collectionIntervalMs: 60 * MINUTE } };

/** Has all lists answered with a status, `/admin/jobs` and so on as before. */
function refuseLists({ client }: World, status: number): void {
  client.respond = ({ endpoint }) => {
    if (endpoint.startsWith("/lists/")) throw statusError(status, endpoint);
    return offsetPage([]);
  };
}

/** A run that the primary cannot be reached in. */
function unreachable(): Promise<never> {
  return Promise.reject(
    new NetworkError(
      { site: "a", endpoint: "/admin/jobs" },
      "no route",
      { reason: "network", hint: "check it" },
    ),
  );
}

for (const status of [404, 406]) {
  Deno.test(`Site takes ${status} for a release without the endpoint: no failure, no error, no rows`, async () => {
    await withSite(async (world) => {
      const { site, clock, value, records } = world;
      refuseLists(world, status);
      site.start(0);
      await clock.advance(MINUTE);
      const collector = "one";
      assert.equal(value("nbu_collector_success", { collector }), 1);
      assert.equal(value("nbu_collector_unsupported", { collector }), 1);
      assert.equal(value("nbu_collector_unsupported", { collector: "jobs" }), 0);
      assert.equal(value("nbu_collector_rows", { collector }), 0);
      assert.equal(value("nbu_list_one"), undefined);
      assert.equal(value("nbu_collector_errors_total", { collector, reason: "unsupported" }), 0);
      assert.equal(value("nbu_up"), 1);
      assert.deepEqual(records.filter(({ level }) => level === "warn"), []);
      const infos = records.filter(({ level, fields }) =>
        level === "info" && fields["collector"] === collector
      );
      assert.equal(infos.length, 1, "said once");
    }, { others: [listCollector("one")] });
  });

  Deno.test(`Site asks an endpoint that answered ${status} again after a day, and not before`, async () => {
    await withSite(async (world) => {
      const { site, clock, asked, value } = world;
      refuseLists(world, status);
      site.start(0);
      await clock.advance(23 * 60 * MINUTE + 59 * MINUTE);
      // 404 may be that of web services that were just starting: it is asked for twice.
      const first = status === 404 ? 2 : 1;
      assert.equal(asked("/lists/one"), first);
      const collector = "one";
      const lastSuccess = value("nbu_collector_last_success_timestamp_seconds", { collector });
      assert.ok((lastSuccess ?? 0) > (clock.now() - 61 * MINUTE) / 1000, "its age does not alarm");
      await clock.advance(2 * 60 * MINUTE);
      assert.equal(asked("/lists/one"), first + 1);
      world.client.respond = () => offsetPage([{ id: "1" }]);
      await clock.advance(DAY);
      assert.equal(value("nbu_list_one"), 1, "it was added by a patch");
      assert.equal(value("nbu_collector_unsupported", { collector }), 0);
    }, { others: [listCollector("one")], ...HOURLY });
  });
}

/** A collector of one list, without which it can do. */
function optionalReader(): CollectorDefinition {
  const optional = listResource({
    ...{ endpoint: "/lists/optional", permission: "", since: "10.0" },
    ...{ paging: "offset", limit: 100, row: row({}) },
  });
  return defineCollector({
    name: "other",
    summary: "One.",
    enabledByDefault: true,
    interval: everyPoll,
    resources: { optional },
    metrics: { found: gauge("nbu_found", "Whether it was found") },
    async collect({ readIfSupported, metrics }) {
      metrics.found.set({}, await readIfSupported(optional) ? 1 : 0);
    },
  });
}

Deno.test("Site does not ask again for a list that a collector can do without", async () => {
  const other = optionalReader();
  await withSite(async (world) => {
    const { site, clock, asked, value } = world;
    refuseLists(world, 404);
    site.start(0);
    await clock.advance(20 * INTERVAL);
    assert.equal(value("nbu_found"), 0);
    assert.equal(value("nbu_collector_unsupported", { collector: "other" }), 0);
    assert.equal(asked("/lists/optional"), 2, "and once more to make sure");
  }, { others: [other] });
});

Deno.test("Site takes 404 of a list that an option switches on for a release without it", async () => {
  const list = (name: string) =>
    listResource({
      ...{ endpoint: `/lists/${name}`, permission: "", since: "10.0" },
      ...{ paging: "offset", limit: 100, row: row({}) },
    });
  const [usual, extra] = [list("usual"), list("extra")];
  const other = defineCollector({
    name: "other",
    summary: "One.",
    enabledByDefault: true,
    interval: everyPoll,
    resources: { usual, extra },
    options: { more: v.optional(key(bool(), "Reads more."), "false") },
    metrics: { found: gauge("nbu_found", "Rows") },
    async collect({ read, readIfSupported, options, metrics }) {
      const more = options.more ? await readIfSupported(extra) : undefined;
      metrics.found.set({}, (await read(usual)).length + (more?.length ?? 0));
    },
  });
  await withSite(async ({ site, clock, client, asked, value, replan }) => {
    client.respond = ({ endpoint }) => {
      if (endpoint === "/lists/extra") throw statusError(404, endpoint);
      return offsetPage([{ id: "1" }]);
    };
    site.start(0);
    await clock.advance(2 * INTERVAL);
    assert.equal(asked("/lists/extra"), 0, "no run has read it");
    replan({ other: { options: Object.assign(newTreeMap(), { more: "true" }) } });
    await clock.advance(20 * INTERVAL);
    assert.equal(value("nbu_collector_success", { collector: "other" }), 1);
    assert.equal(value("nbu_found"), 1);
    assert.equal(asked("/lists/extra"), 2, "and once more to make sure");
  }, { others: [other] });
});

/** A collector that asks for `/lists/shared` by itself, without the reader of lists. */
function ownReader(): CollectorDefinition {
  return {
    ...fakeDefinition("own"),
    resources: [{ endpoint: "/lists/shared", permission: "", since: "10.1" }],
    create: () => ({
      name: "own",
      async collect({ session: { client, version }, request }) {
        await client.getJson({ endpoint: "/lists/shared", version }, request);
        return EMPTY_RESULT;
      },
    }),
  };
}

Deno.test("Site knows of what a collector asked by itself that it works: 404 of it is a failure", async () => {
  await withSite(async (world) => {
    const { site, clock, value, replan } = world;
    site.start(0);
    await clock.advance(MINUTE);
    refuseLists(world, 404);
    replan({ shared: {} });
    await clock.advance(INTERVAL);
    const collector = "shared";
    assert.equal(value("nbu_collector_unsupported", { collector }), 0);
    assert.equal(value("nbu_collector_success", { collector }), 0);
  }, {
    others: [ownReader(), listCollector("shared")],
    collectors: { shared: { enabled: false } },
  });
});

Deno.test("Site reads a list again as soon as another collector finds that it is back", async () => {
  await withSite(async (world) => {
    const { site, clock, client, value } = world;
    refuseLists(world, 406);
    site.start(0);
    await clock.advance(INTERVAL);
    const collector = "shared";
    assert.equal(value("nbu_collector_unsupported", { collector }), 1);
    client.respond = () => offsetPage([{ id: "1" }]);
    await clock.advance(2 * INTERVAL);
    assert.equal(value("nbu_collector_unsupported", { collector }), 0);
    assert.equal(value("nbu_list_shared"), 1);
  }, { others: [ownReader(), listCollector("shared")] });
});

Deno.test("Site negotiates once more at most when eight endpoints are answered 406", async () => {
  // Nine collectors are spread by whole seconds, so that a day is one.
  const lists = Array.from(
    { length: 8 },
    (_, index) => listCollector(`l${index}`, { since: "10.1" }),
  );
  const others = [...lists, fakeDefinition("other")];
  await withSite(async (world) => {
    const { site, clock, client, asked, value } = world;
    refuseLists(world, 406);
    site.start(0);
    await clock.advance(60 * MINUTE);
    assert.equal(client.asked.filter((path) => path.startsWith("/lists/")).length, 8);
    assert.equal(asked("ping"), 1, "that of the start");
    assert.equal(asked("authorization-context"), 1);
    await clock.advance(DAY);
    assert.equal(client.asked.filter((path) => path.startsWith("/lists/")).length, 16);
    assert.equal(asked("ping"), 2, "one for the eight of the second day");
    assert.equal(value("nbu_api_version", { version: "14.0" }), 1);
  }, { others, ...HOURLY });
});

for (const interval of [INTERVAL, 10 * INTERVAL]) {
  Deno.test(`Site negotiates once for eight endpoints that worked and are answered 406, every ${interval / MINUTE} min`, async () => {
    const others = Array.from({ length: 8 }, (_, index) => listCollector(`l${index}`));
    await withSite(async (world) => {
      const { site, clock, asked, count } = world;
      site.start(0);
      await clock.advance(MINUTE);
      refuseLists(world, 406);
      await clock.advance(interval);
      assert.equal(asked("ping"), 2);
      assert.equal(count("nbu_api_version"), 1);
    }, { others, server: { collectionIntervalMs: interval } });
  });
}

Deno.test("Site detects the API version again after 406 and reads the list with it", async () => {
  await withSite(async ({ site, clock, client, value, count, asked }) => {
    client.version = "13.0";
    site.start(0);
    await clock.advance(MINUTE);
    assert.equal(value("nbu_api_version", { version: "13.0" }), 1);
    client.version = "12.0";
    client.respond = ({ endpoint, version }) => {
      if (version !== "12.0") throw statusError(406, endpoint);
      return offsetPage([{ id: "1" }, { id: "2" }]);
    };
    await clock.advance(INTERVAL);
    assert.equal(value("nbu_api_version", { version: "12.0" }), 1);
    assert.equal(count("nbu_api_version"), 1);
    assert.equal(value("nbu_list_one"), 2);
    assert.equal(asked("ping"), 2);
  }, { others: [listCollector("one")] });
});

Deno.test("Site doubts the version at once when it is answered 406 to what every release has", async () => {
  await withSite(async ({ site, clock, client, value, asked }) => {
    client.version = "13.0";
    client.respond = ({ endpoint, version }) => {
      // It was upgraded between the negotiation and the first list.
      client.version = "14.0";
      if (version !== "14.0") throw statusError(406, endpoint);
      return offsetPage([{ id: "1" }]);
    };
    site.start(0);
    await clock.advance(MINUTE);
    assert.equal(value("nbu_api_version", { version: "14.0" }), 1);
    assert.equal(value("nbu_list_one"), 1);
    assert.equal(asked("ping"), 2);
  }, { others: [listCollector("one")] });
});

Deno.test("Site asks less and less often for the version when what every release has stays refused", async () => {
  const others = Array.from({ length: 8 }, (_, index) => listCollector(`l${index}`));
  await withSite(async (world) => {
    const { site, clock, jobs, asked } = world;
    jobs.behave = () => Promise.reject(statusError(406, "/admin/jobs"));
    refuseLists(world, 406);
    site.start(0);
    await clock.advance(3 * 60 * MINUTE);
    assert.ok(asked("ping") > 1);
    assert.ok(asked("ping") < 1 + 3 * 60 / 8, `asked ${asked("ping")} times`);
  }, { others });
});

Deno.test("Site runs collectors that lacked something at once when the version changes", async () => {
  await withSite(async ({ site, clock, client, value }) => {
    client.version = "12.0";
    client.respond = ({ endpoint, version }) => {
      if (endpoint === "/lists/usual" && client.version !== version) {
        throw statusError(406, endpoint);
      }
      return offsetPage([{ id: "1" }]);
    };
    site.start(0);
    await clock.advance(MINUTE);
    assert.equal(value("nbu_collector_unsupported", { collector: "added" }), 1);
    client.version = "14.0";
    await clock.advance(INTERVAL + MINUTE);
    assert.equal(value("nbu_list_added"), 1);
    assert.equal(value("nbu_collector_unsupported", { collector: "added" }), 0);
  }, { others: [listCollector("usual"), listCollector("added", { since: "13.0" }, "12h")] });
});

Deno.test("Site asks for what an older version lacked at once when the version changes", async () => {
  await withSite(async ({ site, clock, client, asked, value }) => {
    client.version = "12.0";
    client.respond = ({ endpoint, version }) => {
      if (endpoint === "/lists/added" && version === "12.0") throw statusError(404, endpoint);
      if (endpoint === "/lists/usual" && client.version !== version) {
        throw statusError(406, endpoint);
      }
      return offsetPage([{ id: "1" }]);
    };
    site.start(0);
    await clock.advance(6 * INTERVAL);
    assert.equal(asked("/lists/added"), 2);
    client.version = "14.0";
    await clock.advance(2 * INTERVAL);
    assert.equal(value("nbu_list_added"), 1);
  }, { others: [listCollector("usual"), listCollector("added")] });
});

Deno.test("Site does not ask for a list that came with a later version", async () => {
  await withSite(async ({ site, clock, client, asked, value }) => {
    client.version = "12.0";
    site.start(0);
    await clock.advance(INTERVAL);
    assert.equal(asked("/lists/one"), 0);
    assert.equal(value("nbu_collector_unsupported", { collector: "one" }), 1);
  }, { others: [listCollector("one", { since: "13.0" })] });
});

Deno.test("Site does not take an unsupported list, which it does not ask for, for a sign of life", async () => {
  await withSite(async (world) => {
    const { site, clock, jobs, storage, value } = world;
    refuseLists(world, 404);
    site.start(0);
    await clock.advance(MINUTE);
    jobs.behave = unreachable;
    storage.behave = unreachable;
    await clock.advance(10 * INTERVAL);
    assert.equal(value("nbu_up"), 0);
    assert.equal(value("nbu_collection_interval_factor"), 4);
  }, { others: [listCollector("one")] });
});

Deno.test("Site does not take a run that asked for nothing for a sign of life", async () => {
  const other = optionalReader();
  await withSite(async (world) => {
    const { site, clock, jobs, storage, value } = world;
    refuseLists(world, 406);
    site.start(0);
    await clock.advance(MINUTE);
    jobs.behave = unreachable;
    storage.behave = unreachable;
    await clock.advance(10 * INTERVAL);
    assert.equal(value("nbu_collector_success", { collector: "other" }), 1);
    assert.equal(value("nbu_collection_interval_factor"), 4);
  }, { others: [other] });
});

Deno.test("Site counts 406 to what every release has as a failure: the configured version is wrong", async () => {
  await withSite(async ({ site, clock, client, jobs, value }) => {
    jobs.behave = () => Promise.reject(statusError(406));
    site.start(0);
    await clock.advance(0);
    assert.deepEqual(client.asked, ["authorization-context"], "no version is detected");
    const collector = "jobs";
    assert.equal(value("nbu_collector_success", { collector }), 0);
    assert.equal(value("nbu_collector_errors_total", { collector, reason: "unsupported" }), 1);
  }, { config: { apiVersion: "13.0" } });
});

Deno.test("Site repeats a run that was answered 406 with the version it finds then", async () => {
  const resources = [{ endpoint: "/admin/jobs", permission: "", since: "10.0" }];
  await withSite(async ({ site, clock, client, value }) => {
    client.version = "13.0";
    site.start(0);
    await clock.advance(MINUTE);
    client.version = "12.0";
    client.respond = ({ endpoint, version }) => {
      if (version !== "12.0") throw statusError(406, endpoint);
      return offsetPage([]);
    };
    await clock.advance(INTERVAL);
    assert.equal(value("nbu_collector_success", { collector: "own" }), 1);
    assert.equal(
      value("nbu_collector_errors_total", { collector: "own", reason: "unsupported" }),
      0,
    );
  }, {
    others: [{
      ...listCollector("own"),
      resources,
      create: () => ({
        name: "own",
        async collect({ session, request }) {
          const { client, version } = session;
          await client.getJson({ endpoint: "/admin/jobs", version }, request);
          return { families: [], cumulative: [], rows: 0 };
        },
      }),
    }],
  });
});

Deno.test("Site takes 404 of a list that has worked for a failure: web services that restart, say", async () => {
  await withSite(async (world) => {
    const { site, clock, asked, value } = world;
    site.start(0);
    await clock.advance(MINUTE);
    refuseLists(world, 404);
    await clock.advance(3 * INTERVAL);
    assert.equal(value("nbu_collector_success", { collector: "one" }), 0);
    assert.equal(value("nbu_collector_unsupported", { collector: "one" }), 0);
    assert.equal(asked("/lists/one"), 4, "it is asked for as often as ever");
  }, { others: [listCollector("one")] });
});
