import assert from "node:assert/strict";
import { COLLECTOR_SECTIONS } from "../../../src/collectors/sections.ts";
import { configReference } from "../../../scripts/docs/config_reference.ts";
import { makeConfigSchema } from "../../../src/config/schema/schema.ts";
import { listKeys } from "../../../scripts/docs/schema_keys.ts";

const page = configReference(COLLECTOR_SECTIONS);

/** Cells of the row of a key. */
function rowOf(path: string): string[] | undefined {
  const line = page.split("\n").find((line) => line.startsWith(`| \`${path}\` `));
  return line?.split("|").slice(1, -1).map((cell) => cell.trim());
}

Deno.test("configReference() has a row for every key with its default and description", () => {
  const keys = listKeys(makeConfigSchema(COLLECTOR_SECTIONS))
    .filter(({ path, kind, notes }) =>
      kind !== "section" && !notes.ignored && path !== "nbuservers"
    )
    .filter(({ path }) => !path.startsWith("nbuserver."));
  assert.ok(keys.length > 40);
  for (const { path, defaultText, description, required, expected } of keys) {
    const common = /^collectors\.\w+\.(enabled|interval|timeout|maxSeries)$/.exec(path)?.[1];
    const [, shownExpected, shownDefault, meaning] =
      rowOf(common ? `collectors.NAME.${common}` : path) ?? [];
    assert.equal(meaning, description, path);
    assert.equal(shownExpected, expected, path);
    assert.ok(expected, path);
    if (common === "enabled") continue;
    assert.equal(
      shownDefault,
      required ? "required" : defaultText ? `\`${defaultText}\`` : "",
      path,
    );
  }
});

Deno.test("configReference() names every collector and whether it is on", () => {
  for (const { name, enabledByDefault, summary } of COLLECTOR_SECTIONS) {
    assert.deepEqual(rowOf(name), [`\`${name}\``, enabledByDefault ? "yes" : "", summary]);
  }
});

Deno.test("configReference() names the keys that do nothing, and the old block", () => {
  for (const text of ["`domain`", "`domainType`", "`contentType`", "block `nbuserver`"]) {
    assert.ok(page.includes(text), text);
  }
});

Deno.test("configReference() is formatted as deno fmt does", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--line-width", "100", "--ext", "md", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(page));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  assert.equal(page, new TextDecoder().decode(stdout));
});
