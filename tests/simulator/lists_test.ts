import assert from "node:assert/strict";
import type { SimulatedList } from "./lists/define.ts";
import { findList, LISTS } from "./lists/registry.ts";
import {
  askList,
  largestPage,
  pathOf,
  readList,
  sampleOf,
  stillSimulator,
} from "./lists_testing.ts";
import { API_VERSIONS } from "./protocol/version.ts";
import { ask } from "./requests.ts";
import type { Simulator } from "./simulator.ts";

/** Lists whose rows a test can multiply; the others are about one thing. */
const PLURAL = LISTS.filter(({ envelope }) => envelope !== "resource" && envelope !== "body");

const truthOf = (simulator: Simulator, list: SimulatedList) =>
  simulator.truth.rows(list.endpoint, { parameters: sampleOf(list) });

/** Rows as they come out of JSON. */
const attributesOf = (simulator: Simulator, list: SimulatedList): unknown[] =>
  JSON.parse(JSON.stringify(
    truthOf(simulator, list).map(({ id, attributes, relationships }) =>
      list.withoutAttributes
        ? { type: list.type, id, ...(relationships && { relationships }) }
        : attributes
    ),
  ));

/** Without what a list shows beside the attributes of rows that have none. */
const comparable = (list: SimulatedList, rows: readonly unknown[]) =>
  list.withoutAttributes
    ? rows.map((row) => {
      assert.ok(typeof row === "object" && row !== null);
      return Object.fromEntries(Object.entries(row).filter(([name]) => name !== "links"));
    })
    : rows;

const isMultiple = (list: SimulatedList) => /\{/.test(list.endpoint);

Deno.test("lists: no two have the same path", () => {
  const paths = LISTS.flatMap(({ endpoint, detail }) => [endpoint, ...(detail ? [detail] : [])]);
  assert.equal(new Set(paths).size, paths.length);
});

Deno.test("lists: an unknown one is an error for the test that asks for it", () => {
  assert.throws(() => findList("/storage/nothing"), /is no list/);
  assert.throws(() => stillSimulator().setRows("/storage/nothing", 3), /is no list/);
  assert.throws(() => stillSimulator().truth.rows("/storage/nothing"), /is no list/);
  assert.throws(
    () =>
      stillSimulator().truth.rows("/config/policies/{policyName}", {
        parameters: { policyName: "none" },
      }),
    /has no/,
  );
});

for (const list of LISTS) {
  const { endpoint, since = "10.0", open = false } = list;

  Deno.test(`list ${endpoint}: is there from API ${since} on, and 404 before`, async () => {
    for (const apiVersion of API_VERSIONS) {
      const simulator = stillSimulator({ apiVersion });
      const there = Number(apiVersion) >= Number(since);
      const { status } = await askList(simulator, list, { version: apiVersion });
      assert.equal(status, there ? 200 : 404, apiVersion);
    }
    if (since !== "10.0") {
      const old = await askList(stillSimulator(), list, { version: "10.0" });
      assert.equal(old.status, 406, "a request in a version that did not have it");
    }
  });

  Deno.test(`list ${endpoint}: checks key, permission and method`, async () => {
    const simulator = stillSimulator();
    const { status } = await askList(simulator, list, { key: "wrong" });
    assert.equal(status, open ? 200 : 401);
    assert.equal((await askList(simulator, list, { method: "DELETE" })).status, 405);

    const denied = async (withhold: () => void) => {
      withhold();
      const response = await askList(simulator, list);
      simulator.setDenied([]);
      simulator.setGranted(undefined);
      return response;
    };
    const ways = [
      () => simulator.setDenied([endpoint]),
      ...(list.permission
        ? [
          () => simulator.setDenied([list.permission ?? ""]),
          () => simulator.setGranted(["|OTHER|"]),
        ]
        : []),
    ];
    for (const withhold of ways) {
      const response = await denied(withhold);
      if (open) assert.equal(response.status, 200);
      else if (list.denial === "forbidden") assert.equal(response.status, 403);
      else if (list.denial === "empty") {
        assert.equal(response.status, 200);
        const all = truthOf(simulator, list);
        const visible = all.filter(list.alwaysVisible ?? (() => false));
        assert.ok(visible.length < all.length);
        assert.equal(response.rows.length, visible.length);
      } else assert.equal(response.status, 401);
    }
    if (list.permission) simulator.setGranted([list.permission]);
    assert.equal((await askList(simulator, list)).status, 200);
  });

  Deno.test(`list ${endpoint}: its truth is what reading every page gives`, async () => {
    const simulator = stillSimulator();
    const query = list.impliedFilter ? { filter: "backupTime ge 1970-01-01T00:00:00.000Z" } : {};
    const ordered = await readList(simulator, list, query);
    const truth = attributesOf(simulator, list);
    assert.ok(truth.length > 0);
    const text = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    assert.deepEqual(text(comparable(list, ordered)), text(truth));
  });

  Deno.test(`list ${endpoint}: refuses filters, sorts and pages it does not document`, async () => {
    const simulator = stillSimulator();
    for (
      const query of [
        { filter: "nothing eq 1" },
        { sort: "nothing" },
        { "page[size]": 10 },
        ...(list.paging.kind === "none" ? [{ "page[limit]": 10 }] : [
          { "page[limit]": "x" },
          { "page[limit]": list.paging.limits.min - 1 },
          ...(list.paging.limits.max ? [{ "page[limit]": list.paging.limits.max + 1 }] : []),
          list.paging.kind === "cursor" ? { "page[offset]": 0 } : { "page[after]": "x" },
        ]),
      ]
    ) {
      const { status } = await askList(simulator, list, { query });
      assert.equal(status, 400, JSON.stringify(query));
    }
  });
}

for (const list of PLURAL) {
  const limit = Number.isFinite(largestPage(list)) ? largestPage(list) : 20;
  const query = list.impliedFilter ? { filter: "backupTime ge 1970-01-01T00:00:00.000Z" } : {};

  Deno.test(`list ${list.endpoint}: every number of rows is read whole`, async () => {
    const simulator = stillSimulator();
    for (const count of [0, 1, limit, limit + 1, 3 * limit + 1]) {
      simulator.setRows(list.endpoint, count);
      const rows = await readList(simulator, list, query);
      const truth = truthOf(simulator, list);
      assert.equal(rows.length, count);
      assert.equal(truth.length, count);
      // Drives of one name have one id.
      if (list.endpoint !== "/storage/drives") {
        assert.equal(new Set(truth.map(({ id }) => id)).size, count, "ids differ");
      }
    }
    simulator.setRows(list.endpoint, undefined);
    assert.ok(truthOf(simulator, list).length > 0);
  });

  Deno.test(`list ${list.endpoint}: its sorts put rows in order, both ways`, async () => {
    const simulator = stillSimulator();
    for (const pair of list.sorts?.names.split(" ") ?? []) {
      const [name = "", attribute = name] = pair.split("=");
      const values = async (sort: string) => {
        const rows = await readList(simulator, list, { ...query, sort }, "resources");
        return rows.map((row) => valueOf(row, attribute) ?? valueOf(row, `attributes.${attribute}`))
          .filter(isOrdered);
      };
      const [up, down] = [await values(name), await values(`-${name}`)];
      assert.deepEqual(down, [...up].reverse(), name);
      assert.ok(up.every((value, index) => index === 0 || (up[index - 1] ?? value) <= value), name);
    }
  });

  Deno.test(`list ${list.endpoint}: its filters pass the rows they name`, async () => {
    const simulator = stillSimulator();
    const truth = truthOf(simulator, list);
    for (const [field, { type, operators, attribute = field }] of list.filters ?? []) {
      const values = truth.map(({ id, type = list.type, attributes }) =>
        valueOf({ id, type, ...attributes }, attribute)
      );
      const sample = values.findLast((value) => value !== null && value !== undefined);
      if (sample === undefined) continue;
      const bare = type === "date" || type === "integer" || typeof sample === "boolean";
      const literal = bare ? String(sample) : `'${String(sample).replaceAll("'", "''")}'`;
      const comparisons: Record<string, (value: unknown) => boolean> = {
        eq: (value) => value === sample,
        ge: (value) => isOrdered(value) && value >= sample,
        contains: (value) => typeof value === "string" && value.includes(String(sample)),
      };
      const operator = ["eq", "ge", "contains"].find((name) =>
        [...operators].some((known) => known === name)
      );
      if (operator === undefined) continue;
      const filter = operator === "contains"
        ? `contains(${field},${literal})`
        : `${field} ${operator} ${literal}`;
      // What a filter implies besides comes first, so that it does not take rows away here.
      const all = "backupTime ge 1970-01-01T00:00:00.000Z and ";
      const rows = await readList(simulator, list, {
        filter: list.impliedFilter && field !== "backupTime" ? all + filter : filter,
      });
      const expected = values.filter((value) => comparisons[operator]?.(value)).length;
      assert.ok(expected > 0);
      assert.equal(rows.length, expected, filter);
    }
  });
}

Deno.test("list paths: what does not exist below a parameter is 404", async () => {
  const simulator = stillSimulator();
  for (const list of LISTS.filter(isMultiple)) {
    const path = list.endpoint.replaceAll(/\{\w+\}/g, "does-not-exist");
    assert.equal(await statusOf(simulator, path), 404, path);
  }
});

Deno.test("list details: one row by its id, whatever is in the id", async () => {
  const simulator = stillSimulator();
  for (const list of LISTS) {
    if (list.detail === undefined) continue;
    const [, name = ""] = /\{(\w+)\}$/.exec(list.detail) ?? [];
    for (const { id } of truthOf(simulator, list)) {
      assert.equal(await statusOf(simulator, pathOf(list.detail, { [name]: id })), 200, id);
    }
    assert.equal(await statusOf(simulator, pathOf(list.detail, { [name]: "none" })), 404);
  }
});

async function statusOf(simulator: Simulator, path: string): Promise<number> {
  const response = await ask(simulator, path, { version: "14.0" });
  await response.body?.cancel();
  return response.status;
}

function isOrdered(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function valueOf(row: unknown, path: string): unknown {
  let at = row;
  for (const name of path.split(".")) {
    at = typeof at === "object" && at !== null
      ? Object.entries(at).find(([key]) => key === name)?.[1]
      : undefined;
  }
  return at;
}
