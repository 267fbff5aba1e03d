import assert from "node:assert/strict";
import FakeTimers from "@sinonjs/fake-timers";
import { defineMetric } from "../../src/metrics/define.ts";
import { nextTask, testPage, volume, volumeOf, watchedFamily } from "./_page.ts";

const MINUTE = 60_000;

Deno.test("MetricsPage renders a publication once for many scrapes of one format", async () => {
  const test = testPage();
  const watched = watchedFamily();
  test.page.publish("one", [watched.family]);
  await Promise.all(Array.from({ length: 5 }, () => test.page.body("text", "gzip")));
  assert.equal(watched.renderings, 1);
  for (let scrape = 0; scrape < 5; scrape++) {
    test.now += 15_000;
    await test.page.body("text", "gzip");
  }
  assert.equal(watched.renderings, 1);
  await test.page.body("openmetrics", "gzip");
  await test.page.body("openmetrics", "identity");
  assert.equal(watched.renderings, 1, "its lines are the same in every format");
});

Deno.test("MetricsPage renders for a publication that publication's pieces only, however many sites there are", async () => {
  for (const sites of [1, 100]) {
    const test = testPage();
    const watched = Array.from({ length: sites }, (_, index) => watchedFamily(`site${index}`));
    watched.forEach(({ family }, index) => test.page.publish(`source${index}`, [family]));
    await test.page.body("text", "identity");
    assert.ok(watched.every(({ renderings }) => renderings === 1));
    const next = watchedFamily("site0");
    test.page.publish("source0", [next.family]);
    test.now += 15_000;
    await test.page.body("text", "identity");
    assert.equal(next.renderings, 1);
    assert.ok(watched.every(({ renderings }, index) => index === 0 || renderings === 1));
  }
});

Deno.test("MetricsPage renders a family of the same version once, until it was withdrawn", async () => {
  const test = testPage();
  const version = {};
  const publish = (next: object) => {
    const watched = watchedFamily();
    test.page.publish("one", [{
      definition: watched.family.definition,
      get samples() {
        return watched.family.samples;
      },
      version: next,
    }]);
    return watched;
  };
  const first = publish(version);
  await test.text();
  const same = publish(version);
  await test.text();
  assert.deepEqual([first.renderings, same.renderings], [1, 0]);
  assert.equal(publish({}).renderings, 0);
  const other = publish({});
  await test.text();
  assert.equal(other.renderings, 1);
  publish(version);
  test.page.withdraw("one");
  const again = publish(version);
  assert.match(await test.text(), /^volume_bytes/m);
  assert.equal(again.renderings, 1);
});

Deno.test("MetricsPage does not render again what it shows already, where that is a few lines", async () => {
  for (const { lines, again } of [{ lines: 32, again: 0 }, { lines: 33, again: 1 }]) {
    const test = testPage();
    let renderings = 0;
    const counted = {
      ...volume,
      get help() {
        renderings++;
        return "Help";
      },
    };
    const publish = () => {
      const samples = Array.from({ length: lines }, (_, index) => ({
        labels: { site: String(index) },
        value: index === 0 ? NaN : index,
      }));
      test.page.publish("one", [{ definition: counted, samples }]);
    };
    publish();
    const page = await test.text();
    renderings = 0;
    publish();
    assert.equal(await test.text(), page);
    assert.equal(renderings, again, `${lines} lines`);
  }
});

Deno.test("MetricsPage shows any difference", async () => {
  const test = testPage();
  const sample = { labels: { site: "a" }, value: 1 };
  const exemplar = { labels: { job_id: "1" }, value: 1, timestampSeconds: 1 };
  const counter = defineMetric("x_total", "counter", "Help", ["site"]);
  let page = "";
  for (
    const samples of [
      [sample],
      [{ ...sample, value: NaN }],
      [{ ...sample, labels: { site: "b" } }],
      [{ ...sample, labels: { place: "b" } }],
      [{ ...sample, labels: { site: "b", place: "b" } }],
      [{ ...sample, labels: { site: "b" }, createdSeconds: 5 }],
      [{ ...sample, labels: { site: "b" }, exemplar }],
      [{ ...sample, labels: { site: "b" }, exemplar: { ...exemplar, value: 2 } }],
      [sample, { ...sample, labels: { site: "b" } }],
      [],
    ]
  ) {
    test.page.publish("one", [{ definition: counter, samples }]);
    const next = await test.text("openmetrics");
    assert.notEqual(next, page);
    page = next;
  }
});

Deno.test("MetricsPage reuses a joined page within a second, and not after it", async () => {
  const test = testPage();
  test.page.publish("one", [volumeOf("a", 1)]);
  const first = await test.page.body("text", "gzip");
  test.now += 999;
  assert.equal(await test.page.body("text", "gzip"), first);
  test.now += 1;
  assert.notEqual(await test.page.body("text", "gzip"), first);
});

Deno.test("MetricsPage frees a page that is out of date as soon as its last user is done with it", async () => {
  const test = testPage();
  test.page.publish("one", [volumeOf("a", 1)]);
  for (const encoding of ["identity", "gzip"] as const) {
    const [one, other] = await Promise.all([
      test.page.body("text", encoding),
      test.page.body("text", encoding),
    ]);
    one?.done();
    other?.done();
    // Whoever asks within the second gets the same bytes.
    const late = await test.page.body("text", encoding);
    assert.equal(late, one);
    assert.ok(late.bytes.length > 0);
    test.page.touch();
    assert.ok(late.bytes.length > 0, "someone still sends it");
    late.done();
    assert.equal(late.bytes.length, 0);
    const next = await test.page.body("text", encoding);
    next.done();
    assert.ok(next.bytes.length > 0);
    test.now += 1000;
    await test.page.body("text", encoding);
    assert.equal(next.bytes.length, 0, "another page has taken its place");
  }
});

Deno.test("MetricsPage that was started frees a page that may not be reused any more", async () => {
  const timers = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout"] });
  const test = testPage();
  const pass = (ms: number) => {
    test.now += ms;
    timers.tick(ms);
  };
  try {
    test.page.publish("one", [volumeOf("a", 1)]);
    test.page.start();
    const first = await test.page.body("text", "identity");
    first.done();
    pass(600);
    const second = await test.page.body("text", "gzip");
    pass(400);
    assert.deepEqual([first.bytes.length, second.bytes.length > 0], [0, true]);
    pass(1000);
    assert.ok(second.bytes.length > 0, "someone still sends it");
    second.done();
    assert.equal(second.bytes.length, 0);
    assert.equal(timers.countTimers(), 0, "an exporter that nobody asks does nothing");
    await test.page.body("text", "identity");
    test.page.close();
    assert.equal(timers.countTimers(), 0);
  } finally {
    timers.uninstall();
  }
});

Deno.test("MetricsPage frees a part of the page as soon as it was sent", async () => {
  const test = testPage();
  test.page.publish("one", [volumeOf("a", 1)]);
  const part = { sources: new Set(["one"]), own: false };
  const body = await test.page.part(part, "text", "identity");
  assert.ok(body.bytes.length > 0);
  body.done();
  assert.equal(body.bytes.length, 0);
  // Small bodies of Node lie in a buffer that others use as well.
  assert.match(await test.text("text"), /volume/);
});

Deno.test("MetricsPage does not reuse a joined page after a publication, a withdrawal or touch()", async () => {
  const test = testPage();
  test.page.publish("one", [volumeOf("a", 1)]);
  const steps = [
    () => test.page.publish("two", [volumeOf("b", 1)]),
    () => test.page.withdraw("two"),
    () => test.page.touch(),
  ];
  for (const step of steps) {
    const before = await test.page.body("text", "identity");
    step();
    assert.notEqual(await test.page.body("text", "identity"), before);
  }
});

Deno.test("MetricsPage gives scrapes at the same time the same bytes", async () => {
  const test = testPage();
  test.page.publish("one", [watchedFamily().family]);
  const pages = await Promise.all(
    Array.from({ length: 50 }, () => test.page.body("openmetrics", "gzip")),
  );
  assert.equal(new Set(pages.map(({ bytes }) => bytes)).size, 1);
});

Deno.test("MetricsPage renders what is scraped right after a publication, and nothing else", async () => {
  const test = testPage();
  const first = watchedFamily("a");
  test.page.publish("one", [first.family]);
  await nextTask();
  assert.equal(first.renderings, 0, "nobody has asked yet");
  await test.page.body("text", "gzip");
  const second = watchedFamily("b");
  test.page.publish("two", [second.family]);
  await nextTask();
  assert.equal(second.renderings, 1, "text is rendered, OpenMetrics is not");
  await test.page.body("text", "gzip");
  assert.equal(second.renderings, 1, "the scrape found it rendered");
});

Deno.test("MetricsPage renders nothing for a format that nobody asked for within five minutes", async () => {
  const test = testPage();
  await test.page.body("text", "identity");
  await test.page.body("openmetrics", "gzip");
  test.now += 4 * MINUTE;
  await test.page.body("text", "identity");
  test.now += MINUTE;
  const watched = watchedFamily();
  test.page.publish("one", [watched.family]);
  await nextTask();
  assert.equal(watched.renderings, 1, "text only");
});

Deno.test("MetricsPage evicts the pieces of a format that nobody asked for within five minutes", async () => {
  const test = testPage();
  const watched = watchedFamily("a", volume, {
    labels: { job_id: "1" },
    value: 1,
    timestampSeconds: 1,
  });
  test.page.publish("one", [watched.family]);
  await test.page.body("text", "gzip");
  await test.page.body("openmetrics", "gzip");
  assert.equal(watched.renderings, 2, "exemplars are in one format only");
  for (let minute = 0; minute < 5; minute++) {
    test.now += MINUTE;
    await test.page.body("text", "identity");
  }
  assert.equal(watched.renderings, 2, "the format in use is kept");
  await test.page.body("openmetrics", "gzip");
  assert.equal(watched.renderings, 3, "the other one is made anew");
});

Deno.test("MetricsPage shows the newest of publications in quick succession", async () => {
  const test = testPage();
  await test.text();
  const watched = Array.from({ length: 5 }, () => watchedFamily());
  for (const { family } of watched) {
    // Another value, so that each replaces the one before.
    const samples = [...family.samples, { labels: { site: String(test.now++) }, value: 1 }];
    test.page.publish("one", [{ definition: volume, samples }]);
  }
  assert.match(await test.text(), /site="4"/);
  assert.doesNotMatch(await test.text(), /site="3"/);
});
