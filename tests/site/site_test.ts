import assert from "node:assert/strict";
import { NetworkError } from "../../src/netbackup/errors.ts";
import { statusError } from "../testing/fake_client.ts";
import { fakeDefinition, hang, resultOf } from "../testing/fake_collector.ts";
import { INTERVAL, MINUTE, SECOND, withSite } from "./_world.ts";

Deno.test("Site polls its main collectors at once and then at each interval", async () => {
  await withSite(async ({ site, clock, storage, jobs, client }) => {
    site.start(0);
    await clock.advance(0);
    assert.deepEqual([storage.runs, jobs.runs], [1, 1]);
    await clock.advance(INTERVAL - 1);
    assert.deepEqual([storage.runs, jobs.runs], [1, 1]);
    await clock.advance(1);
    assert.deepEqual([storage.runs, jobs.runs], [2, 2]);
    assert.deepEqual(client.asked, ["ping", "authorization-context"], "negotiated once");
  });
});

Deno.test("Site begins after its delay, and only when its predecessor has ended", async () => {
  await withSite(async ({ site, clock, jobs }) => {
    let ended = () => {};
    site.start(10 * SECOND, new Promise((resolve) => ended = resolve));
    await clock.advance(MINUTE);
    assert.equal(jobs.runs, 0);
    ended();
    await clock.advance(10 * SECOND - 1);
    assert.equal(jobs.runs, 0);
    await clock.advance(1);
    assert.equal(jobs.runs, 1);
  });
});

Deno.test("Site runs its main collectors first and spreads the others over half a minute", async () => {
  const others = [1, 2, 3].map((number) => fakeDefinition(`other${number}`));
  await withSite(async ({ site, clock, storage, jobs }) => {
    site.start(0);
    await clock.advance(0);
    assert.deepEqual([storage.runs, jobs.runs], [1, 1]);
    const began: number[] = [];
    for (const other of others) {
      other.behave = () => {
        began.push(clock.monotonic());
        return Promise.resolve(resultOf("a", 1));
      };
    }
    await clock.advance(30 * SECOND);
    assert.deepEqual(began, [7.5 * SECOND, 15 * SECOND, 22.5 * SECOND]);
  }, { others });
});

Deno.test("Site runs each collector at its own interval", async () => {
  const slow = fakeDefinition("slow", { interval: () => 3 * INTERVAL });
  const configured = fakeDefinition("configured");
  await withSite(async ({ site, clock, jobs }) => {
    site.start(0);
    await clock.advance(6 * INTERVAL + 30 * SECOND);
    assert.deepEqual([jobs.runs, slow.runs, configured.runs], [7, 3, 13]);
  }, { others: [slow, configured], collectors: { configured: { intervalMs: INTERVAL / 2 } } });
});

Deno.test("Site tries a failing collector again at the collector's own interval", async () => {
  const slow = fakeDefinition("slow", { interval: () => 3 * INTERVAL });
  slow.behave = () => Promise.reject(statusError(500));
  await withSite(async ({ site, clock, jobs }) => {
    site.start(0);
    await clock.advance(3 * INTERVAL);
    assert.deepEqual([jobs.runs, slow.runs], [4, 1]);
    await clock.advance(MINUTE);
    assert.equal(slow.runs, 2);
  }, { others: [slow] });
});

Deno.test("Site leaves the primary a moment's rest after a run that overran its interval", async () => {
  await withSite(async ({ site, clock, jobs }) => {
    const began: number[] = [];
    jobs.behave = async ({ request }) => {
      began.push(clock.monotonic());
      await clock.sleep(INTERVAL + MINUTE, request.signal);
      return resultOf("a", 1);
    };
    site.start(0);
    await clock.advance(2 * INTERVAL + 3 * MINUTE);
    const again = INTERVAL + MINUTE + SECOND;
    assert.deepEqual(began, [0, again, 2 * again]);
  }, { collectors: { jobs: { timeoutMs: 60 * MINUTE } } });
});

Deno.test("Site ends a run that spends its time budget, that of the collector", async () => {
  await withSite(async ({ site, clock, storage, jobs, records, value }) => {
    storage.behave = hang;
    jobs.behave = hang;
    site.start(0);
    await clock.advance(MINUTE);
    const errorsOf = (collector: string) =>
      value("nbu_collector_errors_total", { collector, reason: "budget" });
    assert.deepEqual([errorsOf("storage"), errorsOf("jobs")], [1, 0]);
    const warning = records.find(({ level }) => level === "warn");
    assert.match(
      String(warning?.fields["error"]),
      /after 60 s, its time budget.*"collectors\.storage\.timeout"/,
    );
    assert.equal(value("nbu_collector_duration_seconds", { collector: "storage" }), 60);
  }, { collectors: { storage: { timeoutMs: MINUTE } } });
});

Deno.test("Site says why a run was ended, whatever the run makes of it", async () => {
  await withSite(async ({ site, clock, jobs, value }) => {
    jobs.behave = ({ request }) =>
      new Promise((_resolve, reject) => {
        request.signal.addEventListener("abort", () => reject(new TypeError("fetch failed")));
      });
    site.start(0);
    await clock.advance(MINUTE);
    const labels = { collector: "jobs", reason: "budget" };
    assert.equal(value("nbu_collector_errors_total", labels), 1);
  }, { collectors: { jobs: { timeoutMs: MINUTE } } });
});

Deno.test("Site reports a fault of a collector as internal and goes on", async () => {
  await withSite(async ({ site, clock, jobs, value }) => {
    jobs.behave = () => Promise.reject(new RangeError("bug"));
    site.start(0);
    await clock.advance(INTERVAL);
    const labels = { collector: "jobs", reason: "internal" };
    assert.equal(value("nbu_collector_errors_total", labels), 2);
    assert.equal(value("nbu_up"), 1, "a fault of the exporter says nothing about the primary");
  });
});

Deno.test("Site warns about a failure once and says when it is over", async () => {
  await withSite(async ({ site, clock, jobs, records }) => {
    jobs.behave = () => Promise.reject(statusError(503));
    site.start(0);
    await clock.advance(3 * INTERVAL);
    assert.equal(records.filter((record) => record.level === "warn").length, 1);
    assert.ok(!records.some((record) => record.message === "collection recovered"));
    jobs.behave = () => Promise.resolve(resultOf("a", 1));
    await clock.advance(INTERVAL);
    assert.ok(records.some((record) => record.message === "collection recovered"));
  });
});

Deno.test("Site warns once of a primary that is down, not once for each collector", async () => {
  const other = fakeDefinition("other");
  await withSite(async ({ site, clock, jobs, storage, records }) => {
    for (const each of [jobs, storage, other]) {
      each.behave = () =>
        Promise.reject(
          new NetworkError({ site: "a", endpoint: "/admin/jobs" }, "refused", {
            reason: "connect",
            hint: "check it",
          }),
        );
    }
    site.start(0);
    await clock.advance(3 * INTERVAL);
    assert.equal(records.filter(({ level }) => level === "warn").length, 1);
  }, { others: [other] });
});

Deno.test("Site goes on when the primary fails to answer the key check", async () => {
  await withSite(async ({ site, clock, client, value }) => {
    client.keyAccepted = statusError(500, "/authorization-context");
    site.start(0);
    await clock.advance(0);
    assert.equal(value("nbu_up"), 1);
  });
});

Deno.test("Site.close() ends all runs, and has counters kept, where the client cannot be closed", async () => {
  await withSite(async ({ site, clock, client, jobs }) => {
    jobs.behave = hang;
    site.start(0);
    await clock.advance(SECOND);
    const close = client.close.bind(client);
    client.close = () => Promise.reject(new Error("bad resource"));
    await assert.rejects(site.close({ timeoutMs: 0 }), { message: "bad resource" });
    client.close = close;
    assert.equal(jobs.made[0]?.flushes, 1);
    assert.equal(clock.pending, 0);
  });
});

Deno.test("Site publishes nothing after close(), not even the run that was in flight", async () => {
  await withSite(async ({ site, clock, client, jobs, publisher }) => {
    let aborted: unknown;
    jobs.behave = ({ request }) =>
      new Promise((resolve) => {
        request.signal.addEventListener("abort", () => {
          aborted = request.signal.reason;
          resolve(resultOf("a", 2));
        });
      });
    site.start(0);
    await clock.advance(0);
    const before = publisher.publications.length;
    await site.close({ timeoutMs: 0 });
    assert.equal(client.closed, true);
    assert.match(String(aborted), /Site "a" is closed/);
    assert.equal(publisher.publications.length, before);
    assert.equal(jobs.made[0]?.flushes, 1, "what is to survive a restart was kept");
  });
});

Deno.test("Site has nothing to say once it is withdrawn", async () => {
  await withSite(async ({ site, clock, publisher }) => {
    site.start(0);
    await clock.advance(0);
    assert.ok(publisher.families().length > 0);
    site.withdraw();
    assert.deepEqual(publisher.families(), []);
    assert.equal(publisher.live.size, 0);
  });
});

Deno.test("Site looks at what its collectors show while they run at every look", async () => {
  await withSite(async ({ site, clock, jobs, publisher, value }) => {
    let shown = 1;
    jobs.live = () => resultOf("live", shown).families;
    jobs.behave = hang;
    site.start(0);
    await clock.advance(0);
    const [source] = publisher.live.values();
    const revision = source?.revision();
    shown = 2;
    assert.notEqual(source?.revision(), revision, "while a collector runs");
    assert.equal(value("nbu_fake_value", { site: "live" }), 2);
  });
});

Deno.test("Site does not have its live families rendered anew while nothing goes on", async () => {
  await withSite(async ({ site, clock, publisher }) => {
    site.start(0);
    await clock.advance(0);
    const [source] = publisher.live.values();
    assert.equal(source?.revision(), source?.revision());
    const revision = source?.revision();
    await clock.advance(INTERVAL);
    assert.notEqual(source?.revision(), revision, "the end of a run may have changed them");
  });
});
