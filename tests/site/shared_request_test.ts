import assert from "node:assert/strict";
import type { RequestContext } from "../../src/netbackup/api.ts";
import { BudgetSpentError } from "../../src/site/errors.ts";
import { SharedRequest } from "../../src/site/shared_request.ts";
import { unlimited } from "../testing/fake_client.ts";

/** A question that is answered when the test says so, and not after the end of the run that asked. */
function makeRequest() {
  const request = new SharedRequest<string>();
  const asked: PromiseWithResolvers<string>[] = [];
  const ask = ({ signal }: RequestContext) => {
    const response = Promise.withResolvers<string>();
    signal.addEventListener("abort", () => response.reject(signal.reason));
    asked.push(response);
    return response.promise;
  };
  const get = (signal?: AbortSignal) => request.get(ask, unlimited(signal));
  return { request, asked, get };
}

Deno.test("SharedRequest asks once for all that want to know at the same time, and anew after that", async () => {
  const { request, asked, get } = makeRequest();
  const responses = [get(), get(), get()];
  assert.ok(request.underWay);
  asked[0]?.resolve("yes");
  assert.deepEqual(await Promise.all(responses), ["yes", "yes", "yes"]);
  assert.equal(request.underWay, undefined);
  const later = get();
  asked[1]?.resolve("no");
  assert.equal(await later, "no");
  assert.equal(asked.length, 2);
});

Deno.test("SharedRequest gives all of them the error that the primary gave", async () => {
  const { asked, get } = makeRequest();
  const responses = [get(), get()];
  asked[0]?.reject(new Error("no route"));
  for (const response of responses) await assert.rejects(response, { message: "no route" });
  assert.equal(asked.length, 1);
});

Deno.test("SharedRequest asks for the others when the run that asked is ended, once", async () => {
  for (const reason of [new Error("closed"), new BudgetSpentError("a", "storage", 1000)]) {
    const { asked, get } = makeRequest();
    const stop = new AbortController();
    const [own, ...others] = [get(stop.signal), get(), get()];
    stop.abort(reason);
    await assert.rejects(own, reason);
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(asked.length, 2);
    asked[1]?.resolve("yes");
    assert.deepEqual(await Promise.all(others), ["yes", "yes"]);
  }
});

Deno.test("SharedRequest lets a run go that is ended while another one asks", async () => {
  const { asked, get } = makeRequest();
  const stop = new AbortController();
  const own = get();
  const other = get(stop.signal);
  stop.abort(new Error("budget spent"));
  await assert.rejects(other, { message: "budget spent" });
  await assert.rejects(get(stop.signal), { message: "budget spent" });
  asked[0]?.resolve("yes");
  assert.equal(await own, "yes");
  assert.equal(asked.length, 1);
});
