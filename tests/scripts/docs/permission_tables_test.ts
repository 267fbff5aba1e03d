import assert from "node:assert/strict";
import { currentPage } from "../../../scripts/docs.ts";
import type { CollectorDefinition } from "../../../src/collectors/collector.ts";
import { grantsFor, permissionTables } from "../../../scripts/docs/permission_tables.ts";
import { COLLECTORS } from "../../../src/collectors/registry.ts";
import { WEB_UI_PERMISSIONS } from "../../../scripts/docs/web_ui_permissions.ts";

const [first] = COLLECTORS;
assert.ok(first);

/** A collector that reads endpoints with these permissions, each with its operation if it has one. */
function collector(
  name: string,
  enabledByDefault: boolean,
  permissions: readonly (readonly [string, string?])[],
): CollectorDefinition {
  const resources = permissions.map(([permission, operation]) => ({
    endpoint: "/a",
    permission,
    since: "10.0",
    ...(operation === undefined ? {} : { operation }),
  }));
  return { ...first as CollectorDefinition, name, enabledByDefault, resources };
}

Deno.test("grantsFor() names each operation on an object once, with all collectors that need it", () => {
  const grants = grantsFor([
    collector("a", true, [["|B|"], ["|A|"], ["|B|"], [""]]),
    collector("b", false, [["|A|", "|OPERATIONS|A|LOOK|"], ["|B|"]]),
  ]);
  const look = "|OPERATIONS|A|LOOK|";
  const view = "|OPERATIONS|VIEW|";
  assert.deepEqual(grants, [
    { key: "|A|", permission: "|A|", operation: view, collectors: ["a"] },
    { key: `|A| ${look}`, permission: "|A|", operation: look, collectors: ["b"] },
    { key: "|B|", permission: "|B|", operation: view, collectors: ["a", "b"] },
  ]);
});

Deno.test("permissionTables() leaves out of the default role what only other collectors need", () => {
  const tables = permissionTables([
    collector("on", true, [["|MANAGE|JOBS|"]]),
    collector("off", false, [["|STORAGE|STORAGE-UNITS|"]]),
    collector("open", false, [[""]]),
  ]);
  assert.match(
    tables.default,
    /MANAGE\\\|JOBS.*\| VIEW .*Global > NetBackup management > Jobs > View.*`on`/,
  );
  assert.doesNotMatch(tables.default, /STORAGE-UNITS/);
  assert.match(tables.all, /STORAGE-UNITS.*not documented/);
  assert.match(tables.collectors, /\| `open` +\| +\| none +\|/);
});

Deno.test("docs/permissions.md tells where role and key are made, and that keys expire", async () => {
  const page = await currentPage("docs/permissions.md");
  for (const place of ["_Security_ > _RBAC_", "_Security_ > _Access keys_ > _API keys_"]) {
    assert.ok(page.includes(place), place);
  }
  assert.ok(page.includes("API keys expire"));
  for (const { name } of COLLECTORS) assert.ok(page.includes(`\`${name}\``), name);
});

Deno.test("WEB_UI_PERMISSIONS has every permission of the collectors, and no other", () => {
  const used = grantsFor(COLLECTORS).map(({ key }) => key);
  assert.deepEqual(Object.keys(WEB_UI_PERMISSIONS).toSorted(), used.toSorted());
});
