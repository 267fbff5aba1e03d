/**
 * Writes the software bill of materials: `deno task sbom [--output FILE]`.
 *
 * @module
 */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import denoJson from "../deno.json" with { type: "json" };
import { readModuleGraph } from "./architecture/graph.ts";
import { ROOT } from "./command.ts";
import { cachedLicenses } from "./supply_chain/licenses.ts";
import { parseLockFile } from "./supply_chain/lock_file.ts";
import { softwareBillOfMaterials } from "./supply_chain/sbom.ts";

const { values } = parseArgs({ args: Deno.args, options: { output: { type: "string" } } });
const output = values.output ?? "build/nbu_exporter.cdx.json";
const graph = await readModuleGraph(["main.ts"]);
const sbom = await softwareBillOfMaterials({
  name: denoJson.name,
  version: denoJson.version,
  license: denoJson.license,
  denoVersion: (await Deno.readTextFile(new URL(".dvmrc", ROOT))).trim(),
  lock: parseLockFile(await Deno.readTextFile(new URL("deno.lock", ROOT))),
  imported: [...new Set(graph.flatMap(({ packages }) => packages))].sort(),
  licenseOf: await cachedLicenses(),
});
await Deno.mkdir(dirname(output), { recursive: true });
await Deno.writeTextFile(output, `${JSON.stringify(sbom, null, 2)}\n`);
