import assert from "node:assert/strict";
import { join } from "node:path";
import { COLLECTOR_SECTIONS } from "../../src/collectors/sections.ts";
import { loadConfig, systemEnvironment } from "../../src/config/load.ts";
import { loadError, siteText } from "./memory_environment.ts";

Deno.test("loadConfig() works on real files and variables", async () => {
  const folder = await Deno.makeTempDir({ prefix: "nbu_load_" });
  const name = "NBU_EXPORTER_TEST_HOST";
  try {
    Deno.env.set(name, "from-the-environment");
    await Deno.writeTextFile(join(folder, "key"), "from-a-file\n");
    const file = join(folder, "config.yaml");
    await Deno.writeTextFile(file, siteText([`host: \${${name}}`, "apiKeyFile: key"]));
    const { config, files } = await loadConfig(file, systemEnvironment(), COLLECTOR_SECTIONS);
    assert.equal(config.sites[0]?.host, "from-the-environment");
    assert.equal(config.sites[0]?.apiKey.reveal(), "from-a-file");
    assert.ok(files.includes(file) && files.includes(join(folder, "key")));
  } finally {
    Deno.env.delete(name);
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadConfig() tells a real missing file and a real folder from each other", async () => {
  const folder = await Deno.makeTempDir({ prefix: "nbu_load_" });
  const { readTextFile } = systemEnvironment();
  const reasonOf = async (path: string) => {
    const failure = await readTextFile(path).then(() => undefined, (error: Error) => error);
    assert.ok(failure);
    const files = { "/etc/nbu/ca": failure };
    return (await loadError(siteText(["caFile: ca"]), { files })).issues[0]?.message ?? "";
  };
  try {
    assert.match(await reasonOf(join(folder, "nowhere")), /there is no such file/);
    assert.match(await reasonOf(folder), /it is a directory/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
