/**
 * The vendor's API documents of a release as one, patched so that a mock server can be made from them.
 *
 * Patched is what no body can be made from, and what the vendor's prose says and its schemas do not:
 * alternatives that exclude each other, dates of the present, numbers that are not negative, and that
 * a row has what tells it from others.
 *
 * @module
 */
import { parse } from "yaml";
import type { Release } from "../simulator/openapi.ts";
import {
  isJson,
  type Json,
  loosenAlternatives,
  loosenRequired,
} from "../simulator/openapi_schemas.ts";

/** Where the documents are. */
export const DOCUMENTS: string = Deno.env.get("NBU_OPENAPI_DIR") ??
  new URL("../../../shared/openapi", import.meta.url).pathname;

/** Properties without which a row, or a part of one, is none, wherever a schema has them. */
const KEYS: ReadonlySet<string> = new Set([
  ...["id", "attributes", "data", "jobId", "name", "hostName", "uuid", "hostId", "slpName"],
  ...["certificateList", "hosts", "policyGeneric", "nbcaCertDetails", "kmsType"],
]);

const DATES = ["2026-01-15T10:00:00.000Z", "2026-04-01T00:00:00.000Z", "2027-12-31T23:59:59.000Z"];

/** Largest number, and time in milliseconds: larger ones are of no use to anybody. */
const MAX_NUMBER = 4_000_000_000_000;

/** The documents of a release as one. */
export interface JoinedDocuments {
  readonly document: Json;
  /** Names of the documents that there are. */
  readonly names: ReadonlySet<string>;
  /** In which of them a path is. */
  readonly nameOf: ReadonlyMap<string, string>;
}

/**
 * Joins the documents of a release.
 *
 * @throws Error When one of them is no OpenAPI document.
 */
export function documentsOf(release: Release): JoinedDocuments {
  const paths: Json = {};
  const names = new Set<string>();
  const nameOf = new Map<string, string>();
  const schemas: Json = {};
  for (const { name } of Deno.readDirSync(`${DOCUMENTS}/${release}`)) {
    const [document = ""] = name.split(".yaml");
    const text = Deno.readTextFileSync(`${DOCUMENTS}/${release}/${name}`);
    // Components of several documents have the same names.
    const content: unknown = parse(
      text.replaceAll(/(#\/components\/\w+\/)([\w.-]+)/g, `$1${document}__$2`),
    );
    if (!isJson(content) || !isJson(content["paths"])) throw new Error(`${name} is no document`);
    names.add(document);
    const components = isJson(content["components"]) ? content["components"] : {};
    for (const [path, operations] of Object.entries(content["paths"])) {
      if (!isJson(operations) || !isJson(operations["get"])) continue;
      nameOf.set(path, document);
      paths[path] = { get: readingOf(operations["get"], operations["parameters"], components) };
    }
    const own = components["schemas"];
    for (const [key, schema] of Object.entries(isJson(own) ? own : {})) {
      schemas[`${document}__${key}`] = schema;
    }
  }
  loosenAlternatives(paths);
  loosenAlternatives(schemas);
  loosenRequired(paths);
  loosenRequired(schemas);
  patch(paths);
  patch(schemas);
  return {
    document: {
      openapi: "3.0.0",
      info: { title: `NetBackup ${release}`, version: release },
      paths,
      components: { schemas },
    },
    names,
    nameOf,
  };
}

/** An operation with its parameters and its response, and nothing else. */
function readingOf(operation: Json, ofPath: unknown, components: Json): Json {
  const responses = isJson(operation["responses"]) ? operation["responses"] : {};
  const parameters = [ofPath, operation["parameters"]].flat()
    .filter(isJson).map((parameter) => resolved(parameter, components));
  return { parameters, responses: { 200: resolved(responses["200"], components) } };
}

/** A component in place of the reference to it. */
function resolved(value: unknown, components: Json): unknown {
  if (!isJson(value) || typeof value["$ref"] !== "string") return value;
  const [, section = "", name = ""] = /^#\/components\/(\w+)\/\w+?__(.+)$/.exec(value["$ref"]) ??
    [];
  const found = components[section];
  return isJson(found) ? found[name] : undefined;
}

/** Patches a schema and all below it. */
function patch(schema: unknown): void {
  if (Array.isArray(schema)) return schema.forEach(patch);
  if (!isJson(schema)) return;
  delete schema["example"];
  delete schema["examples"];
  delete schema["default"];
  const { type, properties, items } = schema;
  if (type === "string" && isDate(schema)) {
    delete schema["format"];
    schema["enum"] = DATES;
  }
  // What is said of an array is meant of its items.
  if (type === "array" && !isJson(items)) {
    schema["items"] = { type: "object", properties: properties ?? {} };
    delete schema["properties"];
    delete schema["required"];
    return patch(schema["items"]);
  }
  if (type === "integer" || type === "number") {
    if (!("enum" in schema)) {
      schema["minimum"] ??= 0;
      schema["maximum"] ??= MAX_NUMBER;
    }
  }
  if (isJson(properties)) {
    const keys = Object.keys(properties).filter((name) => KEYS.has(name));
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    if (keys.length > 0) schema["required"] = [...new Set([...required, ...keys])];
    for (const key of keys) fill(properties[key]);
    // Pages after the first are empty, so none may be promised.
    if ("hasNext" in properties) properties["hasNext"] = { type: "boolean", enum: [false] };
  }
  Object.values(schema).forEach(patch);
}

/** Some dates are texts in the schema, and dates in the prose. */
function isDate({ format, description, enum: values }: Json): boolean {
  return format === "date-time" ||
    values === undefined && /\bdate-time\b/.test(String(description));
}

/** Lets nothing be empty that is a key, nor the same by chance. */
function fill(schema: unknown): void {
  if (!isJson(schema)) return;
  if (schema["type"] === "string" && !("enum" in schema)) schema["pattern"] = "^[a-z]{16}$";
  if (schema["type"] === "array") {
    schema["minItems"] = 1;
    schema["maxItems"] = 5;
  }
}
