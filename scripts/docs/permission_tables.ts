/**
 * The tables of the permissions, made from the declarations of the collectors.
 *
 * @module
 */
import { markdownTable } from "../markdown.ts";
import type { Endpoint } from "../../src/netbackup/resource.ts";
import type { CollectorDefinition } from "../../src/collectors/collector.ts";
import { WEB_UI_PERMISSIONS } from "./web_ui_permissions.ts";

const VIEW = "|OPERATIONS|VIEW|";

/** An operation on an object, and who needs it. */
interface Grant {
  /** Tells it from others, see `WEB_UI_PERMISSIONS`. */
  readonly key: string;
  readonly permission: string;
  readonly operation: string;
  readonly collectors: readonly string[];
}

/** What a role has to be granted for some collectors, sorted; what any key may read is left out. */
export function grantsFor(collectors: readonly CollectorDefinition[]): readonly Grant[] {
  const viewed = new Set(
    collectors.flatMap(({ resources }) => resources)
      .filter(({ operation = VIEW }) => operation === VIEW).map(({ permission }) => permission),
  );
  const grants = new Map<string, Grant>();
  for (const { name, resources } of collectors) {
    for (const { permission, operation = VIEW } of resources) {
      if (permission === "") continue;
      const isOther = operation !== VIEW && viewed.has(permission);
      const key = isOther ? `${permission} ${operation}` : permission;
      const known = grants.get(key)?.collectors ?? [];
      grants.set(key, { key, permission, operation, collectors: [...new Set([...known, name])] });
    }
  }
  return [...grants.values()].toSorted((a, b) => a.key < b.key ? -1 : 1);
}

/** The parts of the reference as Markdown, by name, formatted as `deno fmt` does. */
export function permissionTables(
  collectors: readonly CollectorDefinition[],
): Readonly<Record<"default" | "all" | "collectors", string>> {
  return {
    default: grantsTable(collectors.filter(({ enabledByDefault }) => enabledByDefault)),
    all: grantsTable(collectors),
    collectors: markdownTable([
      ["Collector", "On by default", "Permissions"],
      ...collectors.map(rowOf),
    ]),
  };
}

function grantsTable(collectors: readonly CollectorDefinition[]): string {
  const rows = grantsFor(collectors).map(({ key, permission, operation, collectors }) => {
    const { path, guide } = WEB_UI_PERMISSIONS[key] ?? {};
    return [
      `\`${permission}\``,
      operation === VIEW ? "VIEW" : `\`${operation}\``,
      path ?? "not documented",
      guide ?? "",
      listOf(collectors),
    ];
  });
  return markdownTable([["Namespace", "Operation", "In the web UI", "Guide", "For"], ...rows]);
}

function rowOf({ name, enabledByDefault, resources }: CollectorDefinition): readonly string[] {
  const permissions = [...new Set(resources.map(permissionOf))].filter((one) => one !== "");
  return [
    `\`${name}\``,
    enabledByDefault ? "yes" : "",
    permissions.length > 0 ? permissions.join(", ") : "none",
  ];
}

function permissionOf({ permission }: Endpoint): string {
  return permission === "" ? "" : `\`${permission}\``;
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
