import assert from "node:assert/strict";
import type { OutcomesReader } from "../../src/collectors/collector.ts";
import { availableBytes, usedBytes } from "../../src/collectors/disk_pools.ts";
import { expiry } from "../../src/collectors/expiry.ts";
import { overdue } from "../../src/collectors/policies/metrics.ts";
import { unitBytes } from "../../src/collectors/storage.ts";
import { familyBuilder } from "../../src/metrics/family.ts";
import type { MetricDefinition, MetricFamily } from "../../src/metrics/types.ts";
import { NetworkError } from "../../src/netbackup/errors.ts";
import type { JobOutcomes, SiteFindings } from "../../src/site/findings/types.ts";
import { createFakeJobs, type FakeJobs } from "../collectors/_fake_jobs.ts";
import { fakeDefinition } from "../testing/fake_collector.ts";
import { INTERVAL, MINUTE, withSite, type World } from "./_world.ts";

const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

type Series = readonly [Readonly<Record<string, string>>, number];

function family(definition: MetricDefinition, ...series: readonly Series[]): MetricFamily {
  const builder = familyBuilder(definition);
  for (const [labels, value] of series) builder.set({ site: "a", ...labels }, value);
  return builder.build();
}

function resultWith(...families: readonly MetricFamily[]) {
  return Promise.resolve({ families, cumulative: [], rows: 1 });
}

function unit(name: string, used: number, free: number, type = "MSDP"): MetricFamily {
  return family(
    unitBytes,
    [{ name, type, size: "used" }, used],
    [{ name, type, size: "free" }, free],
  );
}

function findings({ site }: World, fromMs = START): SiteFindings {
  return site.summary().findings(fromMs);
}

function problems(
  all: SiteFindings,
  part: Exclude<keyof SiteFindings, "running">,
): [string, string][] {
  return all[part].gaps.map(({ collector, problem }) => [collector, problem]);
}

function noJobs(fromMs: number, readMs?: number): JobOutcomes {
  return {
    ...{ fromMs, sinceMs: readMs, upToMs: readMs, counts: [], failures: [], failureCount: 0 },
    ...{ longest: [], overran: [] },
  };
}

async function begin({ site, clock }: World): Promise<void> {
  site.start(0);
  await clock.advance(MINUTE);
}

Deno.test("a site names every collector that it lacks for a finding, and shows no figure instead", () =>
  withSite(async (world) => {
    await begin(world);
    const all = findings(world);
    assert.deepEqual(problems(all, "overdue"), [["policies", "off"]]);
    assert.deepEqual(problems(all, "expiries"), [
      ["apiKey", "off"],
      ["certificates", "off"],
      ["licensing", "off"],
    ]);
    for (const part of ["overdue", "expiries"] as const) {
      assert.deepEqual([all[part].value, all[part].asOf], [undefined, undefined]);
    }
    assert.deepEqual(problems(all, "space"), [["diskPools", "off"]]);
    assert.deepEqual([all.space.value, all.space.asOf], [[], START]);
  }));

Deno.test("a site has one calendar of what expires, the soonest first, of all collectors", () => {
  const apiKey = fakeDefinition("apiKey");
  const certificates = fakeDefinition("certificates");
  apiKey.behave = () => resultWith(family(expiry, [{ kind: "api_key", name: "u" }, 5000]));
  certificates.behave = () =>
    resultWith(family(
      expiry,
      [{ kind: "host_certificate", name: "h" }, 7000],
      [{ kind: "web_certificate", name: "w" }, 3000],
    ));
  return withSite(async (world) => {
    await begin(world);
    const { value, gaps } = findings(world).expiries;
    assert.deepEqual(value?.map(({ name, at }) => [name, at]), [
      ["w", 3_000_000],
      ["u", 5_000_000],
      ["h", 7_000_000],
    ]);
    assert.deepEqual(gaps.map(({ collector }) => collector), ["licensing"]);
  }, { others: [apiKey, certificates] });
});

Deno.test("a site names the policies with overdue clients, those with most first", () => {
  const policies = fakeDefinition("policies");
  policies.behave = () =>
    resultWith(
      family(overdue, [{ policy: "a" }, 1], [{ policy: "b" }, 0], [{ policy: "c" }, 4]),
    );
  return withSite(async (world) => {
    await begin(world);
    assert.deepEqual(findings(world).overdue.value, [
      { policy: "c", clients: 4 },
      { policy: "a", clients: 1 },
    ]);
  }, { others: [policies] });
});

Deno.test("a site says when its storage is full, on the page and as a metric, after a day", () => {
  const diskPools = fakeDefinition("diskPools");
  return withSite(async (world) => {
    const { clock, storage } = world;
    storage.behave = () =>
      resultWith(unit("stu", 100 + (clock.now() - START) / DAY * 10, 400), unit("flat", 5, 5));
    diskPools.behave = () =>
      resultWith(
        family(usedBytes, [{ disk_pool: "p", category: "MSDP" }, 1], [{
          disk_pool: "sizeless",
          category: "X",
        }, 1]),
        family(availableBytes, [{ disk_pool: "p", category: "MSDP" }, 0]),
      );
    await begin(world);
    const shown = () =>
      findings(world).space.value?.map(({ kind, name, forecast }) => [kind, name, forecast.kind]);
    assert.deepEqual(shown(), [
      ["disk_pool", "p", "full"],
      ["storage_unit", "flat", "no_history"],
      ["storage_unit", "stu", "no_history"],
    ]);
    assert.equal(world.count("nbu_storage_full_timestamp_seconds"), 0);
    await clock.advance(2 * DAY);
    assert.deepEqual(shown()?.[1], ["storage_unit", "stu", "full_at"]);
    const at = world.value("nbu_storage_full_timestamp_seconds", {
      kind: "storage_unit",
      name: "stu",
    });
    assert.equal(Math.round(((at ?? 0) * 1000 - clock.now()) / DAY), 40);
    assert.equal(world.count("nbu_storage_full_timestamp_seconds"), 1, "the others have none");
  }, { others: [diskPools], server: { collectionIntervalMs: 30 * MINUTE } });
});

Deno.test("a site takes the fuller of two storage units of one name", () =>
  withSite(async (world) => {
    world.storage.behave = () =>
      resultWith(
        family(
          unitBytes,
          ...[["A", 10], ["B", 3]].flatMap(([type, free]): Series[] => [
            [{ name: "stu", type: `${type}`, size: "used" }, 1],
            [{ name: "stu", type: `${type}`, size: "free" }, Number(free)],
          ]),
        ),
      );
    await begin(world);
    assert.deepEqual(findings(world).space.value?.map(({ free }) => free), [3]);
  }));

Deno.test("a site keeps a finding while its collector fails, says so, and drops it when it is too old", () =>
  withSite(async (world) => {
    const { storage, clock } = world;
    storage.behave = () => resultWith(unit("stu", 1, 0));
    await begin(world);
    storage.behave = () =>
      Promise.reject(
        new NetworkError({ site: "a", endpoint: "/x" }, "connection refused", {
          reason: "connect",
          hint: "check it",
        }),
      );
    await clock.advance(INTERVAL);
    const { value, asOf, gaps } = findings(world).space;
    assert.equal(value?.length, 1);
    assert.equal(asOf, START);
    const [failed] = gaps;
    assert.deepEqual([failed?.problem, failed?.since], ["failed", START + INTERVAL]);
    await clock.advance(4 * INTERVAL);
    const old = findings(world).space;
    assert.deepEqual([old.value, old.asOf], [undefined, undefined]);
    assert.deepEqual(problems(findings(world), "space").at(0), ["storage", "stale"]);
  }));

Deno.test("a site tells a list that is always empty from one that was looked at", () =>
  withSite(async (world) => {
    const { storage } = world;
    storage.behave = () => Promise.resolve({ families: [], cumulative: [], rows: 0 });
    await begin(world);
    assert.deepEqual(problems(findings(world), "space").at(0), ["storage", "empty"]);
    assert.deepEqual(findings(world).space.value, []);
  }));

Deno.test("a site has the outcomes of its jobs however old they are, and none before the first reading", () =>
  withSite(async (world) => {
    const { jobs, clock } = world;
    const last: { readMs: number | undefined } = { readMs: undefined };
    const outcomes: OutcomesReader = {
      read: (fromMs) => noJobs(fromMs, last.readMs),
      usualMs: () => undefined,
    };
    await begin(world);
    const [made] = jobs.made;
    assert.ok(made);
    Object.assign(made, { outcomes });
    assert.deepEqual(findings(world).jobs.value, undefined);
    last.readMs = START;
    assert.equal(findings(world, START + 7).jobs.value?.fromMs, START + 7);
    jobs.behave = () => Promise.reject(new Error("broken"));
    await clock.advance(5 * INTERVAL);
    const { value, asOf } = findings(world).jobs;
    assert.deepEqual([value?.upToMs, asOf], [START, START]);
    assert.deepEqual(problems(findings(world), "jobs"), [["jobs", "stale"]]);
  }));

Deno.test("a site names running jobs that overrun first, then those that began first", () =>
  withSite(async (world) => {
    const { jobs, clock } = world;
    await begin(world);
    assert.equal(findings(world).running, undefined, "what runs is not known");
    const [made] = jobs.made;
    assert.ok(made);
    const running = Array.from({ length: 8 }, (_, index) => ({
      ...{ jobId: index, client: `c${index}`, policy: "p", schedule: "s", action: "BACKUP" },
      sinceMs: clock.now() - (8 - index) * 60 * MINUTE,
    }));
    const queue = () => ({ active: 8, queued: 0, oldest: undefined, longest: running });
    const outcomes = {
      usualMs: ({ client }: { client: string }) => client === "c6" ? 10 * MINUTE : undefined,
      read: (fromMs: number) => noJobs(fromMs),
    };
    Object.assign(made, { queue, outcomes });
    const shown = findings(world).running ?? [];
    assert.deepEqual(shown.map(({ jobId }) => jobId), [6, 0, 1, 2, 3]);
    assert.deepEqual(shown.map(({ overruns }) => overruns), [true, false, false, false, false]);
    const { durationMs, usualMs } = shown[0] ?? {};
    assert.deepEqual([durationMs, usualMs], [120 * MINUTE, 10 * MINUTE]);
  }));

Deno.test("a site says that a collector catches up, has not run, or reads what its release lacks", () =>
  withSite(async (world) => {
    const { site, clock, jobs } = world;
    assert.deepEqual(problems(findings(world), "jobs"), [["jobs", "waiting"]]);
    const [made] = jobs.made;
    assert.ok(made);
    Object.assign(made, { progress: () => 0.5 });
    site.start(0);
    assert.deepEqual(
      findings(world).jobs.gaps.map(({ problem, progress }) => [problem, progress]),
      [
        ["catching_up", 0.5],
      ],
    );
    await clock.advance(MINUTE);
    assert.deepEqual(problems(findings(world), "jobs"), [["jobs", "catching_up"]]);
  }));

Deno.test("a site keeps the history of its space in the checkpoint of its jobs", async () => {
  const forecastAfter = async (source: FakeJobs, runForMs: number) => {
    let kind: string | undefined;
    await withSite(async (world) => {
      const { clock, jobs, storage } = world;
      const [made] = jobs.made;
      assert.ok(made);
      Object.assign(made, { completions: source });
      storage.behave = () => resultWith(unit("stu", 100 + clock.now() / DAY * 10, 400));
      // The second time begins when the first has ended.
      await clock.advance(source.checkpoint.saved.length * 2 * DAY);
      await begin(world);
      await clock.advance(runForMs);
      kind = findings(world).space.value?.[0]?.forecast.kind;
    }, { server: { collectionIntervalMs: 30 * MINUTE } });
    return kind;
  };
  const first = await createFakeJobs();
  assert.equal(await forecastAfter(first, 12 * 60 * MINUTE), "no_history");
  await first.save();
  const later = await createFakeJobs(first.checkpoint);
  assert.equal(await forecastAfter(later, 0), "full_at");
});
