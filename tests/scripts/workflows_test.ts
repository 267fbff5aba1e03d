import assert from "node:assert/strict";
import * as v from "valibot";
import { parse } from "yaml";

const FOLDER = new URL("../../.github/workflows/", import.meta.url);

const PERMISSIONS = v.optional(v.record(v.string(), v.string()));
const WORKFLOW = v.object({
  on: v.record(v.string(), v.unknown()),
  permissions: PERMISSIONS,
  jobs: v.record(
    v.string(),
    v.object({
      "needs": v.optional(v.union([v.string(), v.array(v.string())]), []),
      "uses": v.optional(v.string()),
      "timeout-minutes": v.optional(v.number()),
      "permissions": PERMISSIONS,
      "steps": v.optional(
        v.array(v.object({
          uses: v.optional(v.string()),
          run: v.optional(v.string()),
          with: v.optional(v.record(v.string(), v.unknown()), {}),
        })),
        [],
      ),
    }),
  ),
});
type Workflow = v.InferOutput<typeof WORKFLOW>;

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
const read = (name: string) => Deno.readTextFileSync(new URL(name, FOLDER));
const workflow = (name: string): Workflow => v.parse(WORKFLOW, parse(read(name)));

/** All jobs that have to end well before this one starts. */
function neededBy({ jobs }: Workflow, job: string): Set<string> {
  const found = new Set([job]);
  for (const name of found) for (const other of [jobs[name]?.needs ?? []].flat()) found.add(other);
  found.delete(job);
  return found;
}

Deno.test("every action of every workflow is pinned by a full hash, with its version beside", () => {
  let pinned = 0;
  for (const name of names) {
    for (const line of read(name).split("\n").filter((line) => /\buses:/.test(line))) {
      if (/uses: \.\//.test(line)) continue;
      assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, name);
      pinned++;
    }
  }
  assert.ok(pinned > 0);
});

Deno.test("an action has the same hash wherever it is used", () => {
  const hashes = new Map<string, string>();
  for (const name of names) {
    for (const { steps } of Object.values(workflow(name).jobs)) {
      for (const { uses } of steps) {
        const [action = "", hash = ""] = (uses ?? "").split("@");
        assert.equal(hash, hashes.get(action) ?? hash, `${action} in ${name}`);
        hashes.set(action, hash);
      }
    }
  }
});

Deno.test("workflows may only read, jobs have a time limit, and no step keeps the token", () => {
  for (const name of names) {
    const { permissions, jobs } = workflow(name);
    assert.deepEqual(permissions, { contents: "read" }, name);
    for (const [job, { uses, steps, ...rest }] of Object.entries(jobs)) {
      assert.ok(uses !== undefined || rest["timeout-minutes"] !== undefined, `${name}: ${job}`);
      for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"))) {
        assert.equal(step.with["persist-credentials"], false, `${name}: ${job}`);
      }
    }
  }
});

Deno.test("nothing of a release is built before all of CI has passed", () => {
  const release = workflow("release.yml");
  const { test, ...others } = release.jobs;
  assert.equal(test?.uses, "./.github/workflows/ci.yml");
  assert.ok("workflow_call" in workflow("ci.yml").on);
  for (const job of Object.keys(others)) assert.ok(neededBy(release, job).has("test"), job);
});

Deno.test("only the job that publishes may write, and it has a bill of materials to publish", () => {
  const release = workflow("release.yml");
  const writing = Object.entries(release.jobs)
    .filter(([, { permissions }]) => Object.values(permissions ?? {}).includes("write"))
    .map(([name]) => name);
  assert.deepEqual(writing, ["release"]);
  const sbom = release.jobs["sbom"]?.steps.some(({ run }) => run?.startsWith("deno task sbom "));
  assert.ok(sbom && neededBy(release, "release").has("sbom"));
});

Deno.test("CI runs the gate, and reviews the lock file of a pull request", () => {
  const { jobs } = workflow("ci.yml");
  const runs = (job: string) => (jobs[job]?.steps ?? []).map(({ run }) => run ?? "").join("\n");
  assert.match(runs("test"), /bash \.ci\/run/);
  assert.match(runs("lock-file"), /deno task lock-review HEAD\^1/);
  const gate = Deno.readTextFileSync(new URL("../../.ci/run", FOLDER));
  assert.match(gate, /task ok$/m);
});
