import assert from "node:assert/strict";
import { slp } from "../../src/collectors/slp.ts";
import { simulate, tally } from "./_repeated.ts";
import { runOnce } from "./_run.ts";
import { VERSIONS } from "./_simulated.ts";

const IMAGES = "/catalog/slp-images";
const INCOMPLETE = ["NOT_STARTED", "IN_PROCESS", "NOT_STARTED|INACTIVE", "IN_PROCESS|INACTIVE"];

interface Copy {
  readonly copyType: string;
  readonly copyState: string;
}

for (const apiVersion of VERSIONS) {
  Deno.test(`slp shows the backlog by state, and which SLPs are active (API ${apiVersion})`, async () => {
    const { simulator, run, rejected } = simulate(slp, { apiVersion });
    const result = await run();
    assert.deepEqual(result.series("nbu_slp_active"), [
      "slp=SLP-GOLD: 1",
      "slp=SLP-OLD: 0",
      "slp=SLP-SILVER-DR: 1",
      "slp=SLP|tape out: 1",
    ]);
    const rows = simulator.truth.rows(IMAGES).map(({ attributes }) => attributes)
      .filter(({ slpImageState }) => INCOMPLETE.includes(String(slpImageState)));
    assert.ok(rows.length > 20, "there is a backlog");
    assert.deepEqual(
      result.series("nbu_slp_images"),
      tally(rows.map(({ slpName, slpImageState }) => ({ slp: slpName, state: slpImageState }))),
    );
    const copies = rows.flatMap(({ slpName, copies }) =>
      (copies as readonly Copy[]).map(({ copyType, copyState }) => ({
        ...{ slp: slpName, copy_type: copyType, state: copyState },
      }))
    );
    assert.deepEqual(result.series("nbu_slp_copies"), tally(copies));
    const oldest = INCOMPLETE.map((state) => {
      const times = rows.filter(({ slpImageState }) => slpImageState === state)
        .map(({ backupTime }) => Date.parse(String(backupTime)));
      return `state=${state}: ${Math.min(...times) / 1000}`;
    });
    assert.deepEqual(
      result.series("nbu_slp_oldest_incomplete_timestamp_seconds"),
      oldest.toSorted(),
    );
    assert.deepEqual([...rejected], []);
  });
}

Deno.test("slp finds the oldest incomplete image with one request of one row for each state", async () => {
  const all = await simulate(slp).run();
  const { simulator, run } = simulate(slp, {}, { images: "false" });
  const result = await run();
  const name = "nbu_slp_oldest_incomplete_timestamp_seconds";
  assert.equal(result.series(name).length, 4);
  assert.deepEqual(result.series(name), all.series(name));
  const asked = simulator.requests.to(IMAGES);
  assert.deepEqual(asked.map(({ query }) => query["page[limit]"]), ["1", "1", "1", "1"]);
  assert.deepEqual(result.series("nbu_slp_images"), []);
});

Deno.test("slp counts all images of a backlog of several pages, also where cursors are the same", async () => {
  // In pairs of one client and second: the cursor of both is the same.
  const at = (index: number) => new Date(1_767_225_600_000 + 1000 * Math.floor((index + 1) / 2));
  const { simulator, run } = simulate(slp);
  simulator.setRows(
    IMAGES,
    Array.from({ length: 3001 }, (_, index) => ({
      id: `client_${index}`,
      attributes: {
        ...{ clientName: "client", backupTime: at(index).toISOString(), slpName: "GOLD" },
        ...{ slpImageState: "NOT_STARTED", copies: null },
      },
    })),
  );
  const result = await run();
  assert.deepEqual(result.series("nbu_slp_images"), ["slp=GOLD,state=NOT_STARTED: 3001"]);
});

Deno.test("slp leaves out the SLPs that are not wanted, but for the oldest image", async () => {
  const { run } = simulate(slp, {}, { slps: { include: ["SLP-G*"] } });
  const result = await run();
  assert.deepEqual(result.series("nbu_slp_active"), ["slp=SLP-GOLD: 1"]);
  assert.ok(result.series("nbu_slp_copies").length > 0);
  assert.ok(result.series("nbu_slp_copies").every((line) => line.startsWith("slp=SLP-GOLD,")));
  assert.equal(result.series("nbu_slp_oldest_incomplete_timestamp_seconds").length, 4);
});

Deno.test("slp shows the backlog where the release lists no SLPs", async () => {
  const image = { id: "a_1", attributes: { slpName: "GOLD", backupTime: "2026-01-01T00:00:00Z" } };
  const result = await runOnce(slp, { [IMAGES]: [image] });
  assert.equal(result.value("nbu_slp_images", { state: "IN_PROCESS" }), 1);
  assert.equal(result.count("nbu_slp_active"), 0);
});
