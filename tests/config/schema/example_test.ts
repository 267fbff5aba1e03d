import assert from "node:assert/strict";
import { COLLECTOR_SECTIONS } from "../../../src/collectors/sections.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { makeConfigSchema } from "../../../src/config/schema/schema.ts";
import { listKeys } from "../../../scripts/docs/schema_keys.ts";
import { isTreeMap, type Tree } from "../../../src/config/tree.ts";
import { readYaml } from "../../../src/config/file/yaml.ts";
import { memoryEnvironment } from "../memory_environment.ts";

const example = await Deno.readTextFile(new URL("../../../config.example.yaml", import.meta.url));

/** The example with its keys that are not set put in. */
const complete = example.replace(/^( *)#(?=[A-Za-z]+:)/gm, "$1");

/** Paths and texts of all keys, `[]` for an index. */
function keysOf(tree: Tree | undefined, prefix = ""): Map<string, Tree | undefined> {
  const keys = new Map<string, Tree | undefined>();
  if (Array.isArray(tree)) {
    for (const item of tree) {
      for (const [path, value] of keysOf(item, `${prefix}[]`)) keys.set(path, value);
    }
  } else if (isTreeMap(tree)) {
    for (const [name, value] of Object.entries(tree)) {
      const path = prefix === "" ? name : `${prefix}.${name}`;
      keys.set(path, value);
      for (const [inner, innerValue] of keysOf(value, path)) keys.set(inner, innerValue);
    }
  }
  return keys;
}

/**
 * Keys the example must show: all but those that do nothing and the old block. What every collector
 * has is shown once, for the jobs.
 */
const expected = listKeys(makeConfigSchema(COLLECTOR_SECTIONS)).filter(({ path, notes }) =>
  !notes.ignored && !/^nbuserver(\.|$)/.test(path) &&
  !/^collectors\.(?!jobs\.)\w+\.(interval|timeout|maxSeries)$/.test(path)
);

Deno.test("config.example.yaml has every key of the schema and no other", () => {
  const { tree, problems } = readYaml(complete);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...keysOf(tree).keys()].toSorted(),
    expected.map(({ path }) => path).toSorted(),
  );
});

Deno.test("config.example.yaml shows the default of every key that has one", () => {
  const shown = keysOf(readYaml(example).tree);
  for (const { path, defaultText } of expected) {
    if (defaultText !== undefined) assert.equal(shown.get(path), defaultText, path);
  }
});

Deno.test("config.example.yaml explains every key right above it", () => {
  const lines = complete.split("\n");
  const bare = lines.filter((line, index) => {
    const isKey = /^( *)(- )?[A-Za-z]+:/.test(line);
    const above = lines[index - 1] ?? "";
    return isKey && !/^ *(- )?# /.test(above) &&
      !/^ *(enabled|allowlist|clientKeyFile):/.test(line);
  });
  assert.deepEqual(bare, []);
});

Deno.test("config.example.yaml loads without warnings once its variables are set", async () => {
  const variables = { NBU_HOST: "nbu.example.com", NBU_API_KEY: "k" };
  const names = new Set([...example.matchAll(/^[^#]*\$\{([A-Z_]+)\}/gm)].map(([, name]) => name));
  assert.deepEqual(names, new Set(Object.keys(variables)));
  const files = { "/work-dir/config.yaml": example };
  const loaded = await loadConfig(
    "config.yaml",
    memoryEnvironment({ files, variables }),
    COLLECTOR_SECTIONS,
  );
  assert.deepEqual(loaded.warnings, []);
  assert.equal(loaded.config.sites[0]?.baseUrl, "https://nbu.example.com:1556/netbackup");
});

Deno.test("every key of the schema has a description that ends as a sentence", () => {
  for (const { path, kind, description } of listKeys(makeConfigSchema(COLLECTOR_SECTIONS))) {
    if (kind === "value") assert.match(description ?? "", /\.$/, path);
  }
});
