import assert from "node:assert/strict";
import { singleSample } from "../../src/metrics/family.ts";
import { cpu, requests, testPage, volumeOf, watchedFamily } from "./_page.ts";
import { parseExposition } from "./_parse.ts";

/** A part of the page as text. */
async function part(
  { page }: ReturnType<typeof testPage>,
  sources: readonly string[],
  own = false,
): Promise<string> {
  const { bytes } = await page.part({ sources: new Set(sources), own }, "text", "identity");
  return new TextDecoder().decode(bytes);
}

Deno.test("MetricsPage.part() has the series of its sources only, each metric with its head", async () => {
  const test = testPage([singleSample(cpu, {}, 5)]);
  test.page.publish("a", [volumeOf("a", 1)]);
  test.page.publish("b", [volumeOf("b", 2), singleSample(requests, { site: "b" }, 3)]);
  assert.equal(
    await part(test, ["a"]),
    '# HELP volume_bytes Size of a volume\n# TYPE volume_bytes gauge\nvolume_bytes{site="a"} 1\n',
  );
  const names = async (sources: string[], own: boolean) =>
    parseExposition(await part(test, sources, own), "text").map(({ name }) => name);
  assert.deepEqual(await names(["a"], true), ["volume_bytes", "cpu_seconds_total"]);
  assert.deepEqual(await names(["a", "b"], false), ["requests_total", "volume_bytes"]);
  assert.equal(await part(test, ["nobody"]), "");
});

Deno.test("MetricsPage.part() of all sources is the page", async () => {
  const test = testPage([singleSample(cpu, {}, 5)]);
  test.page.publish("a", [volumeOf("a", 1)]);
  test.page.publish("b", [volumeOf("b", 2), singleSample(requests, { site: "b" }, 3)]);
  assert.equal(await part(test, ["a", "b"], true), await test.text());
});

Deno.test("MetricsPage.part() follows what is published, and looks at live families of its sources", async () => {
  const test = testPage();
  let revision = 0;
  const looks: string[] = [];
  for (const name of ["a", "b"]) {
    test.page.addLive(name, {
      revision: () => revision,
      families() {
        looks.push(name);
        return [volumeOf(name, revision)];
      },
    });
  }
  assert.match(await part(test, ["a"]), /site="a"\} 0\n$/);
  revision = 1;
  assert.match(await part(test, ["a"]), /site="a"\} 1\n$/);
  assert.deepEqual(looks, ["a", "a"], "b is of no concern");
  test.page.withdraw("a");
  assert.equal(await part(test, ["a"]), "");
});

Deno.test("MetricsPage.part() renders nothing anew that is on the page already", async () => {
  const test = testPage();
  const watched = watchedFamily();
  test.page.publish("a", [watched.family]);
  await test.text();
  const before = watched.renderings;
  await part(test, ["a"]);
  await part(test, ["a"]);
  assert.equal(watched.renderings, before);
  assert.equal(before, 1);
});
