/**
 * What tests that go over all lists need.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createFakeClock } from "../testing/fake_clock.ts";
import type { PathParameters, SimulatedList } from "./lists/define.ts";
import { createMemo } from "./lists/memo.ts";
import { createListWorld, type ListWorld } from "./lists/world.ts";
import { USUAL_POPULATION } from "./world/population.ts";
import type { ApiVersion } from "./protocol/version.ts";
import { type Ask, ask } from "./requests.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "./simulator.ts";
import { generateStorageUnits } from "./storage/units.ts";

/** The time of all worlds. */
export const NOW_MS: number = Date.UTC(2026, 3, 1, 12, 34, 56);

type Json = Readonly<Record<string, unknown>>;

/** A response to a request for a list. */
export interface ListResponse {
  readonly status: number;
  readonly body: Json;
  /** Its rows as they stand there. */
  readonly resources: readonly unknown[];
  /** The attributes of its rows. */
  readonly rows: readonly unknown[];
}

/** A simulator whose clock stands still. */
export function stillSimulator(options: SimulatorOptions = {}): Simulator {
  return createSimulator({
    clock: createFakeClock(NOW_MS),
    jobsPerHour: 600,
    storageUnitCount: 40,
    ...options,
  });
}

/** A world without a simulator, for the values of path parameters. */
export function sampleWorld(version: ApiVersion = "14.0"): ListWorld {
  return createListWorld({
    seed: 1,
    population: USUAL_POPULATION,
    serverName: "primary.example.com",
    version,
    nowMs: NOW_MS,
    apiKey: "simulator-key",
    storageUnits: (nowMs) => generateStorageUnits(40, nowMs).map((attributes) => ({ attributes })),
    finishedBackups: () => [],
    memo: createMemo(),
  });
}

/** Values of path parameters under which a list exists. */
export function sampleOf(list: SimulatedList): PathParameters {
  const [first = {}] = list.samples?.(sampleWorld()) ?? [];
  return first;
}

/** The path of a template with these values. */
export function pathOf(template: string, parameters: PathParameters): string {
  return template.replaceAll(
    /\{(\w+)\}/g,
    (_, name) => encodeURIComponent(parameters[name] ?? ""),
  );
}

/** Asks for a list. */
export async function askList(
  simulator: Simulator,
  list: SimulatedList,
  options: Ask = {},
): Promise<ListResponse> {
  const path = pathOf(list.endpoint, sampleOf(list));
  // Policies come in forms of their types' own without it.
  const headers = { "x-netbackup-policy-use-generic-schema": "true" };
  const response = await ask(simulator, path, { version: "14.0", headers, ...options });
  const body: unknown = await response.json();
  assert.ok(isJson(body));
  const resources = response.ok ? resourcesIn(list, body) : [];
  return { status: response.status, body, resources, rows: resources.map(attributesOf) };
}

/** The largest page of a list; ten rows where there is no largest. */
export function largestPage({ paging }: SimulatedList): number {
  return paging.kind === "none" ? Infinity : paging.limits.max ?? 10;
}

/**
 * Reads every page of a list as the vendor documents it: a client of the simulator's own, which
 * shares no code with the exporter's.
 */
export async function readList(
  simulator: Simulator,
  list: SimulatedList,
  query: Ask["query"] = {},
  what: "rows" | "resources" = "rows",
): Promise<unknown[]> {
  const { paging } = list;
  const rows: unknown[] = [];
  let place: Record<string, string | number> = {};
  while (true) {
    const size = paging.kind === "none" ? {} : { "page[limit]": largestPage(list) };
    const page = await askList(simulator, list, { query: { ...query, ...size, ...place } });
    assert.equal(page.status, 200, JSON.stringify(page.body));
    rows.push(...page[what]);
    const next = nextPlace(list, page, rows.length);
    if (next === undefined) return rows;
    place = next;
  }
}

function nextPlace(
  { paging }: SimulatedList,
  { body, rows }: ListResponse,
  read: number,
): Record<string, string | number> | undefined {
  const meta = isJson(body["meta"]) ? body["meta"] : {};
  const pagination = isJson(meta["pagination"]) ? meta["pagination"] : meta;
  const { next, count, hasNext } = pagination;
  switch (paging.kind) {
    case "none":
      return undefined;
    case "cursor":
      return typeof next === "string" ? { "page[after]": next } : undefined;
    case "bare":
      assert.equal(body["meta"], undefined);
      return rows.length > 0 ? { "page[offset]": read } : undefined;
    case "lookahead":
      assert.equal(count, undefined);
      return hasNext === true ? { "page[offset]": read } : undefined;
    case "offset":
      assert.equal("pagination" in meta, !paging.flatMeta);
      assert.ok(typeof count === "number");
      assert.equal(next !== undefined, read < count);
      return read < count ? { "page[offset]": read } : undefined;
  }
}

function resourcesIn({ envelope = "data" }: SimulatedList, body: Json): readonly unknown[] {
  if (envelope === "body") return [body];
  const rows = body[typeof envelope === "string" ? "data" : envelope.name];
  return Array.isArray(rows) ? rows : [rows];
}

function attributesOf(row: unknown): unknown {
  return isJson(row) && isJson(row["attributes"]) ? row["attributes"] : row;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
