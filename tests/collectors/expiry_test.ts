import assert from "node:assert/strict";
import { expiry } from "../../src/collectors/expiry.ts";
import { COLLECTORS } from "../../src/collectors/registry.ts";
import { MetricsPage } from "../../src/metrics/page/page.ts";
import { parsePage } from "../testing/parsed_page.ts";
import { simulatedPrimary } from "./_simulated.ts";

const FILLING = COLLECTORS.filter(({ metrics }) => metrics.includes(expiry));

Deno.test("expiry is filled by several collectors, and no series of it by two", async () => {
  assert.ok(FILLING.length > 1);
  const primary = simulatedPrimary({ apiKey: "A1uMjmj93mrpsW9qTESTKEY" });
  const page = new MetricsPage({ monotonic: () => primary.clock.monotonic(), own: () => [] });
  const kinds: string[] = [];
  for (const collector of FILLING) {
    const { families } = await primary.run(collector);
    page.publish(collector.name, families);
    const own = families.find(({ definition }) => definition === expiry)?.samples ?? [];
    assert.ok(own.length > 0, collector.name);
    kinds.push(...new Set(own.map(({ labels }) => labels["kind"] ?? "")));
  }
  assert.deepEqual(kinds, [...new Set(kinds)], "each kind belongs to one collector");
  const { bytes } = await page.body("text", "identity");
  const samples = parsePage(new TextDecoder().decode(bytes)).samples(expiry.name);
  assert.equal(new Set(samples.map(({ labels }) => labels["kind"])).size, kinds.length);
});
