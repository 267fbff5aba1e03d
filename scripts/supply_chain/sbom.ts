/**
 * The software bill of materials: what a release is made of, in the format CycloneDX 1.6.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { LicenseOf } from "./licenses.ts";
import { closureOf, type LockedPackage, type LockFile } from "./lock_file.ts";

/** What the bill is made from. */
export interface SbomSource {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier of the license of the program itself. */
  readonly license: string;
  /** Version of Deno, the runtime inside the executable. */
  readonly denoVersion: string;
  readonly lock: LockFile;
  /** Packages that the program imports; those that only tests import are not part of it. */
  readonly imported: readonly string[];
  readonly licenseOf: LicenseOf;
}

/** A component, as CycloneDX has it. */
export interface Component {
  readonly type: "application" | "library" | "platform";
  readonly "bom-ref": string;
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: "SHA-512"; readonly content: string }[];
  readonly licenses?: readonly unknown[];
}

/** The bill. It has neither time nor serial number: the same sources give the same bytes. */
export interface Sbom {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly version: 1;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * Makes the bill.
 *
 * @throws Error When a package has no SHA-512 in the lock file, or is not in Deno's cache.
 */
export async function softwareBillOfMaterials(source: SbomSource): Promise<Sbom> {
  const { lock, imported, licenseOf } = source;
  const packages = closureOf(lock, imported);
  const refs = (names: readonly string[]) =>
    packages.filter(({ name }) => names.includes(name)).map(purlOf);
  const program: Component = {
    type: "application",
    ...identity(`pkg:generic/${source.name}@${source.version}`),
    name: source.name,
    version: source.version,
    licenses: licenses(source.license),
  };
  const runtime: Component = {
    type: "platform",
    ...identity(`pkg:github/denoland/deno@v${source.denoVersion}`),
    name: "deno",
    version: source.denoVersion,
    licenses: licenses("MIT"),
  };
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: program },
    components: [
      runtime,
      ...await Promise.all(packages.map((locked) => library(locked, licenseOf))),
    ],
    dependencies: [
      { ref: program.purl, dependsOn: [runtime.purl, ...refs(imported)] },
      { ref: runtime.purl, dependsOn: [] },
      ...packages.map((locked) => ({
        ref: purlOf(locked),
        dependsOn: refs(locked.dependencies),
      })),
    ],
  };
}

async function library(locked: LockedPackage, licenseOf: LicenseOf): Promise<Component> {
  const { name, version, integrity } = locked;
  const [algorithm, digest] = (integrity ?? "").split("-");
  if (algorithm !== "sha512" || !digest) throw new Error(`"${name}@${version}" has no SHA-512`);
  const slash = name.indexOf("/");
  const license = await licenseOf(name, version);
  return {
    type: "library",
    ...identity(purlOf(locked)),
    ...(slash !== -1 && { group: name.slice(0, slash) }),
    name: name.slice(slash + 1),
    version,
    hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }],
    ...(license && { licenses: licenses(license) }),
  };
}

function identity(purl: string): { "bom-ref": string; purl: string } {
  return { "bom-ref": purl, purl };
}

/** The package URL; the `@` of a scope is escaped in it. */
function purlOf({ name, version }: LockedPackage): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function licenses(expression: string): unknown[] {
  return expression.includes(" ") ? [{ expression }] : [{ license: { id: expression } }];
}
