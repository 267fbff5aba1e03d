/**
 * Walks through the schemas of the vendor's API documents.
 *
 * @module
 */

/** An object of JSON. */
export type Json = Record<string, unknown>;

/** Walks through a body beside its schemas; where they name no properties, any will do. */
export function* unknownIn(
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

/**
 * "One of" several schemas none of which forbids what the others have can never be: the attributes
 * of storage units and of scans match all of theirs. "Any of" is what can have been meant.
 */
export function loosenAlternatives(schema: unknown): void {
  if (Array.isArray(schema)) return schema.forEach(loosenAlternatives);
  if (!isJson(schema)) return;
  if (Array.isArray(schema["oneOf"])) {
    schema["anyOf"] = schema["oneOf"];
    delete schema["oneOf"];
  }
  Object.values(schema).forEach(loosenAlternatives);
}

/** Some schemas require properties that nothing describes: no body can be meant to have them. */
export function loosenRequired(schema: unknown): void {
  if (Array.isArray(schema)) return schema.forEach(loosenRequired);
  if (!isJson(schema)) return;
  const { properties, required } = schema;
  if (isJson(properties) && Array.isArray(required)) {
    schema["required"] = required.filter((name) => name in properties);
  }
  Object.values(schema).forEach(loosenRequired);
}

/**
 * The object at the end of these steps.
 *
 * @throws Error When there is none.
 */
export function child(value: unknown, steps: readonly string[]): Json {
  let at: unknown = value;
  for (const step of steps) at = isJson(at) ? at[step] : undefined;
  if (!isJson(at)) throw new Error(`The document has nothing at ${steps.join(" / ")}`);
  return at;
}

/** Whether a value is an object of JSON. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
