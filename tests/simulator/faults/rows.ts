/**
 * Changes the JSON of a response: rows with wrong, missing or unknown fields, no rows, wrong totals,
 * lists that end early or never.
 *
 * @module
 */
import type { Fault, Rows } from "./types.ts";

type JsonFault = Extract<Fault, {
  kind:
    | "malformedRow"
    | "wrongType"
    | "missingField"
    | "extraFields"
    | "emptyList"
    | "earlyEnd"
    | "wrongCount"
    | "repeatedRow"
    | "repeatCursor";
}>;
type Json = Record<string, unknown>;

/** Responds with the JSON changed; other responses stay as they are. */
export async function changeJson(
  fault: JsonFault,
  response: Response,
  request: Request,
): Promise<Response> {
  if (!response.ok || !response.headers.get("content-type")?.includes("json")) return response;
  const body: unknown = await response.json();
  if (isJson(body)) change(fault, body, new URL(request.url).searchParams);
  return new Response(JSON.stringify(body), response);
}

function change(fault: JsonFault, body: Json, query: URLSearchParams): void {
  switch (fault.kind) {
    case "malformedRow":
      return replaceRows(
        body,
        (row, index) => index === 0 || fault.rows === "all" ? [fault.value] : [row],
      );
    case "wrongType":
      for (const attributes of attributesOf(body, fault.rows)) {
        setField(attributes, fault.field, fault.value);
      }
      return;
    case "missingField":
      for (const attributes of attributesOf(body, fault.rows)) setField(attributes, fault.field);
      return;
    case "extraFields":
      body["extra"] = { unknown: [1, "two", null] };
      for (const attributes of attributesOf(body, "all")) {
        attributes["extraText"] = "unknown";
        attributes["extraObject"] = { nested: { deep: true } };
      }
      return;
    case "emptyList":
      return replaceRows(body, () => []);
    case "repeatedRow":
      return replaceRows(body, (row, index) => index === 0 ? [row, row] : [row]);
    case "earlyEnd":
      return endEarly(body, query);
    case "wrongCount":
      return setField(paginationOf(body) ?? {}, "count", fault.total);
    case "repeatCursor": {
      const pagination = paginationOf(body);
      const after = query.get("page[after]");
      const offset = query.get("page[offset]");
      if (!pagination) return;
      if (after !== null) pagination["next"] = after;
      else if (offset !== null) pagination["next"] = Number(offset);
    }
  }
}

/** Takes away every hint that there is more; a list without any just has no second page. */
function endEarly(body: Json, query: URLSearchParams): void {
  const offset = Number(query.get("page[offset]") ?? 0);
  const pagination = paginationOf(body);
  if (!pagination) {
    if (offset > 0) replaceRows(body, () => []);
    return;
  }
  delete pagination["next"];
  if ("hasNext" in pagination) pagination["hasNext"] = false;
  if ("count" in pagination) pagination["count"] = offset + rowsOf(body).length;
  for (const links of [body["links"], isJson(body["links"]) && body["links"]["pagination"]]) {
    if (isJson(links)) delete links["next"];
  }
}

/** Where `count`, `limit` and `next` stand: below `meta.pagination`, or directly below `meta`. */
function paginationOf({ meta }: Json): Json | undefined {
  if (!isJson(meta)) return undefined;
  return isJson(meta["pagination"]) ? meta["pagination"] : meta;
}

/** The name below which the rows stand. */
function nameOfRows(body: Json): string | undefined {
  return "data" in body ? "data" : Object.keys(body).find((name) => Array.isArray(body[name]));
}

function rowsOf(body: Json): readonly unknown[] {
  const rows = body[nameOfRows(body) ?? ""];
  return Array.isArray(rows) ? rows : rows === undefined ? [] : [rows];
}

function replaceRows(body: Json, make: (row: unknown, index: number) => unknown[]): void {
  const name = nameOfRows(body);
  if (name !== undefined && Array.isArray(body[name])) body[name] = body[name].flatMap(make);
}

function attributesOf(body: Json, rows: Rows = "first"): Json[] {
  const all = rowsOf(body).filter(isJson)
    .map((row) => isJson(row["attributes"]) ? row["attributes"] : row);
  return rows === "all" ? all : all.slice(0, 1);
}

/** Sets a field, or deletes it where there is no value; `a.b` is a field of a nested object. */
function setField(target: Json, path: string, value?: unknown): void {
  const [name = "", ...rest] = path.split(".");
  const nested = target[name];
  if (rest.length > 0 && isJson(nested)) return setField(nested, rest.join("."), value);
  if (value === undefined) delete target[name];
  else target[name] = value;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
