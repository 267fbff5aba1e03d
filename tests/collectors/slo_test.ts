import assert from "node:assert/strict";
import { slo } from "../../src/collectors/slo.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { runOnce } from "./_run.ts";
import { simulatedPrimary, VERSIONS } from "./_simulated.ts";

const ENDPOINT = "/servicecatalog/slos";

for (const apiVersion of VERSIONS) {
  // The server gives no more than 50 rows at once, whatever is asked for.
  for (const count of [0, 1, 49, 50, 51, 120]) {
    Deno.test(`slo counts ${count} SLOs, API ${apiVersion}`, async () => {
      const primary = simulatedPrimary({ apiVersion });
      primary.simulator.setRows(ENDPOINT, count);
      assert.equal((await primary.run(slo)).value("nbu_slo_count"), count);
    });
  }
}

Deno.test("slo counts an SLO once that moves to the next page while it is read", async () => {
  const result = await runOnce(slo, { [ENDPOINT]: [{ id: "a" }, { id: "a" }, { id: "b" }] });
  assert.equal(result.value("nbu_slo_count"), 2);
});

Deno.test("slo fails when no row fits, and is unsupported where there is no such list", async () => {
  await assert.rejects(runOnce(slo, { [ENDPOINT]: ["a", 5] }), UnexpectedBodyError);
  await assert.rejects(runOnce(slo, {}), EndpointUnsupportedError);
});
