/**
 * The licenses of packages, from their own manifests in Deno's cache: no registry is asked.
 *
 * @module
 */
import * as v from "valibot";
import { capture } from "../command.ts";

/** Licenses that may be shipped under Apache-2.0 without further conditions than to name them. */
const ACCEPTED: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
]);

/** Packages that only tests use, with licenses that what is shipped must not have. */
const TEST_TOOLS: ReadonlyMap<string, string> = new Map([["axe-core", "MPL-2.0"]]);

/** Old manifests have objects in place of an expression: they count as none. */
const MANIFEST = v.object({ license: v.optional(v.unknown()) });
const DENO_INFO = v.object({ npmCache: v.string() });

/** Finds the license of a package: an SPDX expression, or undefined when it declares none. */
export type LicenseOf = (name: string, version: string) => Promise<string | undefined>;

/**
 * Looks licenses up in Deno's cache.
 *
 * @returns A function that throws when a package is not in the cache.
 */
export async function cachedLicenses(): Promise<LicenseOf> {
  const info = await capture(Deno.execPath(), ["info", "--json"]);
  const { npmCache } = v.parse(DENO_INFO, JSON.parse(info ?? "null"));
  // One folder per registry.
  const registries: string[] = [];
  for await (const { name } of Deno.readDir(npmCache)) registries.push(`${npmCache}/${name}`);
  return async (name, version) => {
    for (const registry of registries) {
      try {
        const text = await Deno.readTextFile(`${registry}/${name}/${version}/package.json`);
        const { license } = v.parse(MANIFEST, JSON.parse(text));
        return typeof license === "string" ? license : undefined;
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    throw new Error(`"${name}@${version}" is not in Deno's cache: run "deno install" first`);
  };
}

/** Whether a package is a tool of the tests that is known to have this license. */
export function isTestTool(name: string, license: string | undefined): boolean {
  return license !== undefined && TEST_TOOLS.get(name) === license;
}

/** Whether an SPDX expression lets the package be shipped; of alternatives, one is enough. */
export function isAccepted(license: string | undefined): boolean {
  if (license === undefined) return false;
  return license.replaceAll(/[()]/g, "").split(" OR ").some((alternative) =>
    alternative.split(" AND ").every((name) => ACCEPTED.has(name.trim()))
  );
}
