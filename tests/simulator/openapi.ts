/**
 * Checks responses, and bodies of requests, against the vendor's own API documents.
 *
 * The documents lie outside this repository: in `../shared/openapi` beside it, or in the folder
 * that `NBU_OPENAPI_DIR` names.
 *
 * @module
 */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import {
  child,
  isJson,
  type Json,
  loosenAlternatives,
  loosenRequired,
  unknownIn,
} from "./openapi_schemas.ts";

/** Releases whose documents are there. */
export type Release = "10.3" | "11.0" | "11.2";

/** The response of an operation, or what is sent for it. */
export interface Operation {
  readonly release: Release;
  /** Name of the document, `admin`. */
  readonly document: string;
  /** Path as the document has it. */
  readonly path: string;
  readonly method?: "get" | "post";
  readonly status?: number;
  /** @default "response" */
  readonly part?: "request" | "response";
}

/** The documents, if they are there. */
export interface OpenApi {
  /** Undefined when the folder is there. */
  readonly absent: string | undefined;
  /**
   * What is wrong with a body; empty when nothing is.
   *
   * @param beyond Values that are right although the schemas forbid them, by property.
   * @throws Error When the documents do not describe this response.
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
    const { release, document: name, path, method = "get", status = 200, part } = operation;
    const document = load(release, name);
    const content = child(document, [
      "paths",
      path,
      method,
      ...(part === "request" ? ["requestBody"] : ["responses", String(status)]),
      "content",
    ]);
    const [media] = Object.values(content);
    return { schema: child(media, ["schema"]), document };
  };
  return {
    absent: isDirectory(directory)
      ? undefined
      : `the vendor's API documents are not at ${directory}`,
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

function describe({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || "/"} ${message} ${JSON.stringify(params)}`;
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
