/**
 * Checks answers against the vendor's own API documents.
 *
 * The documents lie outside this repository: in `../shared/openapi` beside it, or in the folder
 * that `NBU_OPENAPI_DIR` names.
 *
 * @module
 */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { parse } from "yaml";

/** Releases whose documents are there. */
export type Release = "10.3" | "11.0" | "11.2";

/** The answer of an operation. */
export interface Operation {
  readonly release: Release;
  /** Name of the document, `admin`. */
  readonly document: string;
  /** Path as the document has it. */
  readonly path: string;
  readonly method?: "get" | "post";
  readonly status?: number;
}

/** The documents, if they are there. */
export interface OpenApi {
  /** Undefined when the folder is there. */
  readonly absent: string | undefined;
  /**
   * What is wrong with a body; empty when nothing is.
   *
   * @param beyond Values that are right although the schemas forbid them, by property.
   * @throws Error When the documents do not describe this answer.
   */
  check(
    operation: Operation,
    body: unknown,
    beyond?: Readonly<Record<string, readonly unknown[]>>,
  ): string[];
  /** Where a body has properties that the documents do not name. */
  unknownProperties(operation: Operation, body: unknown): string[];
  /** Whether the documents describe an operation. */
  has(operation: Operation): boolean;
}

type Json = Record<string, unknown>;

/** Opens the documents. */
export function openApi(): OpenApi {
  const directory = Deno.env.get("NBU_OPENAPI_DIR") ??
    new URL("../../../shared/openapi", import.meta.url).pathname;
  const documents = new Map<string, Json>();
  const validators = new Map<string, ValidateFunction>();
  const ajv = createValidator();

  const load = (release: Release, name: string): Json => {
    const file = `${directory}/${release}/${name}.yaml`;
    const known = documents.get(file);
    if (known) return known;
    const document: unknown = parse(Deno.readTextFileSync(file));
    if (!isJson(document)) throw new Error(`${file} is no OpenAPI document`);
    loosenAlternatives(document);
    loosenRequired(document);
    documents.set(file, document);
    return document;
  };
  const schemaOf = (operation: Operation): { schema: Json; document: Json } => {
    const { release, document: name, path, method = "get", status = 200 } = operation;
    const document = load(release, name);
    const content = child(document, [
      "paths",
      path,
      method,
      "responses",
      String(status),
      "content",
    ]);
    const [media] = Object.values(content);
    return { schema: child(media, ["schema"]), document };
  };
  return {
    absent: isDirectory(directory)
      ? undefined
      : `skipped: vendor API documents not found at ${directory}`,
    check(operation, body, beyond = {}) {
      const name = JSON.stringify(operation);
      const validate = validators.get(name) ?? compile(ajv, schemaOf(operation));
      validators.set(name, validate);
      if (validate(body)) return [];
      return (validate.errors ?? []).filter((error) => !isBeyond(error, beyond)).map(describe);
    },
    unknownProperties(operation, body) {
      const { schema, document } = schemaOf(operation);
      return [...unknownIn(document, [schema], body, "")];
    },
    has(operation) {
      try {
        schemaOf(operation);
        return true;
      } catch {
        return false;
      }
    },
  };
}

function isBeyond(
  { instancePath, data }: ErrorObject,
  beyond: Readonly<Record<string, readonly unknown[]>>,
): boolean {
  const property = instancePath.split("/").findLast((step) => !/^\d+$/.test(step)) ?? "";
  return beyond[property]?.includes(data) === true;
}

/** Walks through a body beside its schemas; where they name no properties, any will do. */
function* unknownIn(
  document: Json,
  schemas: readonly unknown[],
  value: unknown,
  path: string,
): Generator<string> {
  const all = schemas.flatMap((schema) => [...variants(document, schema)]);
  if (Array.isArray(value)) {
    const items = all.flatMap(({ items }) => items ?? []);
    for (const item of value) yield* unknownIn(document, items, item, `${path}/[]`);
    return;
  }
  const known = all.map(({ properties }) => properties).filter(isJson);
  if (!isJson(value) || known.length === 0) return;
  for (const [name, inner] of Object.entries(value)) {
    const below = known.flatMap((properties) => properties[name] ?? []);
    if (below.length === 0) yield `${path}/${name}`;
    else yield* unknownIn(document, below, inner, `${path}/${name}`);
  }
}

/** A schema and those it is made of. */
function* variants(document: Json, schema: unknown): Generator<Json> {
  if (!isJson(schema)) return;
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    return yield* variants(document, child(document, ref.replace("#/", "").split("/")));
  }
  yield schema;
  for (const name of ["allOf", "oneOf", "anyOf"]) {
    const parts = schema[name];
    for (const part of Array.isArray(parts) ? parts : []) yield* variants(document, part);
  }
}

function compile(ajv: Ajv, { schema, document }: { schema: Json; document: Json }) {
  // References are to `#/components`, so the components have to be where the root is.
  return ajv.compile({ ...schema, components: document["components"] });
}

function createValidator(): Ajv {
  // OpenAPI has keywords of its own (`example`, `x-…`), and Ajv knows its `nullable`.
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, validateSchema: false });
  for (const format of ["int32", "int64", "int", "long", "float", "double"]) {
    ajv.addFormat(format, true);
  }
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  for (const format of ["uuid", "uri", "email", "byte", "binary", "password", "date"]) {
    ajv.addFormat(format, true);
  }
  return ajv;
}

/**
 * "One of" several schemas none of which forbids what the others have can never be: the attributes
 * of storage units and of scans match all of theirs. "Any of" is what can have been meant.
 */
function loosenAlternatives(schema: unknown): void {
  if (Array.isArray(schema)) return schema.forEach(loosenAlternatives);
  if (!isJson(schema)) return;
  if (Array.isArray(schema["oneOf"])) {
    schema["anyOf"] = schema["oneOf"];
    delete schema["oneOf"];
  }
  Object.values(schema).forEach(loosenAlternatives);
}

/** Some schemas require properties that nothing describes: no body can be meant to have them. */
function loosenRequired(schema: unknown): void {
  if (Array.isArray(schema)) return schema.forEach(loosenRequired);
  if (!isJson(schema)) return;
  const { properties, required } = schema;
  if (isJson(properties) && Array.isArray(required)) {
    schema["required"] = required.filter((name) => name in properties);
  }
  Object.values(schema).forEach(loosenRequired);
}

function describe({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || "/"} ${message} ${JSON.stringify(params)}`;
}

function child(value: unknown, steps: readonly string[]): Json {
  let at: unknown = value;
  for (const step of steps) at = isJson(at) ? at[step] : undefined;
  if (!isJson(at)) throw new Error(`The document has nothing at ${steps.join(" / ")}`);
  return at;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
