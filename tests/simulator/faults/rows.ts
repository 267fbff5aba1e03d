/**
 * Changes the JSON of an answer: rows with wrong, missing or unknown fields, no rows, a cursor that
 * comes again.
 *
 * @module
 */
import type { Fault, Rows } from "./types.ts";

type JsonFault = Extract<Fault, {
  kind: "wrongType" | "missingField" | "extraFields" | "emptyList" | "repeatCursor";
}>;
type Json = Record<string, unknown>;

/** Answers with the JSON changed; other answers stay as they are. */
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
    case "wrongType":
      for (const attributes of attributesOf(body, fault.rows)) {
        attributes[fault.field] = fault.value;
      }
      return;
    case "missingField":
      for (const attributes of attributesOf(body, fault.rows)) delete attributes[fault.field];
      return;
    case "extraFields":
      body["extra"] = { unknown: [1, "two", null] };
      for (const attributes of attributesOf(body, "all")) {
        attributes["extraText"] = "unknown";
        attributes["extraObject"] = { nested: { deep: true } };
      }
      return;
    case "emptyList":
      if (Array.isArray(body["data"])) body["data"] = [];
      return;
    case "repeatCursor": {
      const pagination = isJson(body["meta"]) ? body["meta"]["pagination"] : undefined;
      const after = query.get("page[after]");
      const offset = query.get("page[offset]");
      if (!isJson(pagination)) return;
      if (after !== null) pagination["next"] = after;
      else if (offset !== null) pagination["next"] = Number(offset);
    }
  }
}

function attributesOf(body: Json, rows: Rows = "first"): Json[] {
  const data = Array.isArray(body["data"]) ? body["data"] : [body["data"]];
  const all = data.filter(isJson).map((row) => row["attributes"]).filter(isJson);
  return rows === "all" ? all : all.slice(0, 1);
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
