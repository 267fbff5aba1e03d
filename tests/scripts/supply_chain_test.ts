import assert from "node:assert/strict";
import { join } from "node:path";
import { cachedLicenses, isAccepted, isTestTool } from "../../scripts/supply_chain/licenses.ts";
import {
  closureOf,
  type LockedPackage,
  type LockFile,
  parseLockFile,
} from "../../scripts/supply_chain/lock_file.ts";
import { reviewLockFile } from "../../scripts/supply_chain/review.ts";
import { type Sbom, softwareBillOfMaterials } from "../../scripts/supply_chain/sbom.ts";
import { withDirectory } from "../e2e/harness.ts";

const ROOT = new URL("../..", import.meta.url);

/** 64 bytes of `a`, as an integrity. */
const INTEGRITY = `sha512-${btoa("a".repeat(64))}`;

const locked = (name: string, changes: Partial<LockedPackage> = {}): LockedPackage => ({
  name,
  version: "1.0.0",
  integrity: INTEGRITY,
  dependencies: [],
  hasScripts: false,
  ...changes,
});
const lockOf = (...packages: LockedPackage[]): LockFile => ({ packages, direct: [], foreign: [] });
const mit = () => Promise.resolve("MIT");

async function ownLock(): Promise<LockFile> {
  return parseLockFile(await Deno.readTextFile(new URL("deno.lock", ROOT)));
}

Deno.test("parseLockFile() reads names with scopes, peers, dependencies and other origins", () => {
  const lock = parseLockFile(JSON.stringify({
    version: "5",
    npm: {
      "@a/b@1.2.3_c@4.5.6": {
        integrity: "sha512-x",
        dependencies: ["c@4.5.6", "@d/e"],
        optionalDependencies: ["f"],
        scripts: true,
      },
    },
    jsr: { "@std/yaml@1.0.0": {} },
    remote: { "https://example.com/mod.ts": "hash" },
    workspace: { dependencies: ["npm:@a/b@1.2.3", "jsr:@std/yaml@1"] },
  }));
  assert.deepEqual(lock, {
    packages: [{
      name: "@a/b",
      version: "1.2.3",
      integrity: "sha512-x",
      dependencies: ["c", "@d/e", "f"],
      hasScripts: true,
    }],
    direct: ["@a/b"],
    foreign: ["jsr:@std/yaml@1.0.0", "https://example.com/mod.ts"],
  });
});

Deno.test("parseLockFile() refuses a lock file of a version it does not know", () => {
  assert.throws(() => parseLockFile('{ "version": "6" }'), /"5"/);
});

Deno.test("closureOf() follows dependencies of dependencies, cycles included", () => {
  const lock = lockOf(
    locked("a", { dependencies: ["b"] }),
    locked("b", { dependencies: ["c", "a"] }),
    locked("c"),
    locked("d"),
  );
  assert.deepEqual(closureOf(lock, ["a"]).map(({ name }) => name), ["a", "b", "c"]);
});

Deno.test("isAccepted() understands alternatives and combinations", () => {
  for (const license of ["MIT", "(MIT OR GPL-3.0-only)", "Apache-2.0 AND ISC"]) {
    assert.ok(isAccepted(license), license);
  }
  for (const license of [undefined, "", "GPL-3.0-only", "MIT AND GPL-3.0-only", "UNLICENSED"]) {
    assert.ok(!isAccepted(license), `${license}`);
  }
});

Deno.test("isTestTool() knows a package under its license only", () => {
  assert.ok(isTestTool("axe-core", "MPL-2.0"));
  assert.ok(!isTestTool("axe-core", "GPL-3.0-only"));
  assert.ok(!isTestTool("hono", "MPL-2.0"));
  assert.ok(!isTestTool("hono", undefined));
});

Deno.test("reviewLockFile() lists what was added, removed and changed, and nothing else", async () => {
  const before = lockOf(locked("same"), locked("old", { version: "1.0.0" }), locked("gone"));
  const after = {
    ...lockOf(locked("same"), locked("old", { version: "2.0.0", dependencies: ["new"] })),
    direct: ["old"],
  };
  const added = locked("new", { hasScripts: true });
  const { report, problems } = await reviewLockFile(
    before,
    { ...after, packages: [...after.packages, added] },
    mit,
  );
  const rows = report.split("\n").slice(2)
    .map((row) => row.split("|").slice(1, 6).map((cell) => cell.trim()));
  assert.deepEqual(rows, [
    ["gone@1.0.0", "removed", "", "", ""],
    ["new@1.0.0", "added", "MIT", "old", "yes"],
    ["old@1.0.0", "removed", "", "", ""],
    ["old@2.0.0", "added", "MIT", "the import map", ""],
  ]);
  assert.deepEqual(problems, []);
  const { report: nothing } = await reviewLockFile(before, before, mit);
  assert.equal(nothing, "No package changed.");
});

Deno.test("reviewLockFile() refuses another content under the same version", async () => {
  const { problems } = await reviewLockFile(
    lockOf(locked("a", { integrity: `sha512-${btoa("b".repeat(64))}` })),
    lockOf(locked("a")),
    mit,
  );
  assert.deepEqual(problems, ['"a@1.0.0" has another content than before under the same version']);
});

Deno.test("reviewLockFile() refuses missing hashes, licenses it does not know and other origins", async () => {
  const after = {
    ...lockOf(locked("a", { integrity: undefined }), locked("b")),
    foreign: ["jsr:@std/yaml@1.0.0"],
  };
  const { problems } = await reviewLockFile(
    lockOf(),
    after,
    (name) => Promise.resolve(name === "b" ? "AGPL-3.0-only" : "MIT"),
  );
  assert.deepEqual(problems, [
    '"jsr:@std/yaml@1.0.0" does not come from npm',
    '"a@1.0.0" has no SHA-512 in the lock file',
    '"b@1.0.0" has the license "AGPL-3.0-only"',
  ]);
});

Deno.test("every package of deno.lock has a hash and a license that may be shipped", async () => {
  const lock = await ownLock();
  assert.ok(lock.packages.length > 10);
  const { problems } = await reviewLockFile(lock, lock, await cachedLicenses());
  assert.deepEqual(problems, []);
});

Deno.test("softwareBillOfMaterials() refuses a package without a hash", async () => {
  const lock = lockOf(locked("a", { integrity: undefined }));
  await assert.rejects(
    softwareBillOfMaterials({
      name: "program",
      version: "1.0.0",
      license: "MIT",
      denoVersion: "2.0.0",
      lock,
      imported: ["a"],
      licenseOf: mit,
    }),
    /"a@1\.0\.0" has no SHA-512/,
  );
});

Deno.test("deno task sbom lists what is shipped, with hashes and licenses, and no more", async () => {
  await withDirectory(async (directory) => {
    const texts: string[] = [];
    for (const name of ["first.json", "second.json"]) {
      const output = join(directory, "new", name);
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "sbom", "--output", output],
        cwd: ROOT,
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      texts.push(await Deno.readTextFile(output));
    }
    assert.equal(texts[0], texts[1], "the same sources give the same bytes");
    const sbom: Sbom = JSON.parse(texts[0] ?? "");
    assert.equal(sbom.bomFormat, "CycloneDX");
    const purls = sbom.components.map(({ purl }) => purl);
    const deno = (await Deno.readTextFile(new URL(".dvmrc", ROOT))).trim();
    assert.ok(purls.includes(`pkg:github/denoland/deno@v${deno}`));
    const lock = await ownLock();
    const version = (name: string) => lock.packages.find((one) => one.name === name)?.version;
    assert.ok(
      purls.includes(`pkg:npm/%40prometheus-io/client@${version("@prometheus-io/client")}`),
    );
    // A dependency of a dependency, and packages that only tests use.
    assert.ok(purls.some((purl) => purl.startsWith("pkg:npm/tdigest@")));
    assert.ok(!purls.some((purl) => /\/(ajv|fast-check|axe-core|playwright-core)@/.test(purl)));

    for (const { name, group, version, hashes, licenses } of sbom.components.slice(1)) {
      const full = group ? `${group}/${name}` : name;
      const entry = lock.packages.find((one) => one.name === full && one.version === version);
      const base64 = entry?.integrity?.slice("sha512-".length) ?? "";
      const hex = Array.from(
        atob(base64),
        (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0"),
      );
      assert.deepEqual(hashes, [{ alg: "SHA-512", content: hex.join("") }], full);
      assert.equal(licenses?.length, 1, full);
    }
    const refs = new Set(
      [sbom.metadata.component, ...sbom.components].map((one) => one["bom-ref"]),
    );
    assert.equal(refs.size, sbom.components.length + 1);
    assert.deepEqual(new Set(sbom.dependencies.map(({ ref }) => ref)), refs);
    for (const { ref, dependsOn } of sbom.dependencies) {
      for (const target of dependsOn) assert.ok(refs.has(target), `${ref} needs ${target}`);
    }
  });
});
