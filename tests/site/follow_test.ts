import assert from "node:assert/strict";
import type { CollectorDefinition, CompletionSource } from "../../src/collectors/collector.ts";
import { JobFeed } from "../../src/collectors/job_feed.ts";
import { JobsMissingError } from "../../src/collectors/jobs_missing.ts";
import { statusError } from "../testing/fake_client.ts";
import { EMPTY_RESULT, fakeDefinition } from "../testing/fake_collector.ts";
import { configOf, siteConfig } from "../testing/site_config.ts";
import { withSites } from "./_set.ts";
import { INTERVAL, MINUTE, withSite } from "./_world.ts";

function feed(): JobFeed {
  const done = () => Promise.resolve();
  return new JobFeed({ subscribe: () => () => {}, attach: done, detach: done });
}

/** A collector that reads jobs; each that is made has a source of its own. */
function reading(name: string): CollectorDefinition & { readonly sources: CompletionSource[] } {
  const sources: CompletionSource[] = [];
  return {
    ...fakeDefinition(name),
    sources,
    create() {
      const completions = feed();
      sources.push(completions);
      return { name, completions, collect: () => Promise.resolve(EMPTY_RESULT) };
    },
  };
}

/** A collector that notes what it is told to follow. */
function following(name: string) {
  const followed: (CompletionSource | undefined)[] = [];
  const definition: CollectorDefinition = {
    ...fakeDefinition(name),
    create: () => ({
      name,
      follow(source) {
        if (followed.at(-1) !== source || followed.length === 0) followed.push(source);
      },
      collect({ site }) {
        const source = followed.at(-1);
        if (!source) return Promise.reject(new JobsMissingError(name, site, "off"));
        return Promise.resolve(EMPTY_RESULT);
      },
    }),
  };
  return { definition, followed };
}

Deno.test("Site has collectors follow the one that reads jobs, as it comes and goes", async () => {
  const reader = reading("reader");
  const { definition, followed } = following("follower");
  await withSite(async ({ site, clock, replan }) => {
    site.start(0);
    await clock.advance(MINUTE);
    assert.deepEqual(followed, [reader.sources[0]]);
    replan({ reader: { enabled: false } });
    assert.deepEqual(followed.slice(1), [undefined]);
    replan({ follower: { intervalMs: MINUTE } });
    await clock.advance(MINUTE);
    assert.deepEqual(followed.slice(2), [reader.sources[1]]);
    replan({ follower: { enabled: false } });
    assert.deepEqual(followed.slice(3), [undefined], "what is off follows nothing");
  }, { others: [reader, definition] });
});

Deno.test("a collector that lives on jobs fails with the reason jobs where none are read, which says nothing about the primary", async () => {
  const { definition } = following("follower");
  await withSite(async ({ site, clock, value, records }) => {
    site.start(0);
    await clock.advance(INTERVAL);
    assert.equal(value("nbu_collector_success", { collector: "follower" }), 0);
    const errors = (reason: string) =>
      value("nbu_collector_errors_total", { collector: "follower", reason });
    assert.equal(errors("jobs"), 1);
    assert.equal(errors("internal"), 0);
    assert.equal(value("nbu_up"), 1);
    assert.ok(
      records.some(({ level, fields }) => level === "warn" && fields["reason"] === "jobs"),
    );
  }, { others: [definition] });
});

Deno.test("a site with another key goes on with its source, and ends what a collector followed that is off now", async () => {
  const reader = reading("reader");
  const going = following("going");
  const ended = following("ended");
  const definitions = [reader, going.definition, ended.definition];
  await withSites(async ({ apply, clock }) => {
    await apply(configOf([siteConfig()]));
    await clock.advance(MINUTE);
    const config = configOf([siteConfig({ timeoutMs: 5000 })]);
    const off = { enabled: false, intervalMs: undefined, timeoutMs: undefined };
    await apply({
      ...config,
      collectors: { ended: { ...off, maxSeries: undefined, options: Object.create(null) } },
    });
    await clock.advance(MINUTE);
    assert.equal(reader.sources.length, 1);
    assert.deepEqual(going.followed, [reader.sources[0]]);
    assert.deepEqual(ended.followed, [reader.sources[0], undefined]);
  }, { definitions });
});

Deno.test("JobFeed is current while the last reading succeeded, and waits for the first", async () => {
  const jobs = feed();
  const forever = new AbortController();
  const waited = jobs.untilRead(forever.signal).then(() => "read");
  assert.equal(jobs.current, false);
  const failure = statusError(503);
  await assert.rejects(jobs.watch(() => Promise.reject(failure)), failure);
  assert.equal(await waited, "read", "a failed reading is one as well");
  assert.equal(jobs.current, false);
  assert.equal(await jobs.watch(() => Promise.resolve(5)), 5);
  assert.equal(jobs.current, true);
  await assert.rejects(jobs.watch(() => Promise.reject(failure)));
  assert.equal(jobs.current, false);
});

Deno.test("JobFeed.untilRead() ends with its signal", async () => {
  const stop = new AbortController();
  const waited = feed().untilRead(stop.signal);
  stop.abort(new Error("enough"));
  await assert.rejects(waited, /enough/);
  await assert.rejects(feed().untilRead(stop.signal), /enough/);
});
