/**
 * Checks a parsed filter against a table of fields and makes a function of it.
 *
 * @module
 */
import { FilterError } from "./error.ts";
import type { FieldSpec, FieldTable, FieldType } from "./fields.ts";
import type { Expression, Test } from "./parser.ts";
import { type Literal, parseDuration } from "./tokenizer.ts";

/** Attributes of a resource, as they stand in the response. */
export type Attributes = Readonly<Record<string, unknown>>;
/** Tells whether a resource passes the filter. */
export type Predicate = (attributes: Attributes) => boolean;

/**
 * Makes a predicate of a filter.
 *
 * @throws FilterError On an unknown field, an operator the field does not support, or a value of
 * the wrong type.
 */
export function compileFilter(expression: Expression, table: FieldTable): Predicate {
  switch (expression.kind) {
    case "and": {
      const left = compileFilter(expression.left, table);
      const right = compileFilter(expression.right, table);
      return (attributes) => left(attributes) && right(attributes);
    }
    case "or": {
      const left = compileFilter(expression.left, table);
      const right = compileFilter(expression.right, table);
      return (attributes) => left(attributes) || right(attributes);
    }
    case "not": {
      const inner = compileFilter(expression.of, table);
      return (attributes) => !inner(attributes);
    }
    case "test":
      return compileTest(expression, table);
  }
}

function compileTest(test: Test, table: FieldTable): Predicate {
  const spec = checkTest(test, table);
  const name = spec.attribute ?? test.field;
  const wanted = wantedValue(test, spec);
  const holds = comparison(test.operator, wanted);
  return (attributes) => {
    const value = comparable(attributes[name], spec.type);
    if (value === undefined) return test.operator === "ne";
    return holds(fold(value, test.folding));
  };
}

/**
 * Checks that a field can be tested in this way.
 *
 * @throws FilterError
 */
function checkTest(test: Test, table: FieldTable): FieldSpec {
  const spec = table.get(test.field);
  if (!spec) throw new FilterError(`Filtering on '${test.field}' is not supported`);
  for (const operator of [test.operator, test.folding]) {
    if (operator && !spec.operators.has(operator)) {
      throw new FilterError(`Operator '${operator}' is not supported for '${test.field}'`);
    }
  }
  if (!fits(test.literal, spec.type)) {
    throw new FilterError(
      `'${test.field}' takes a value of type ${spec.type}, not a ${test.literal.type}`,
    );
  }
  const { literal } = test;
  if (spec.values && literal.type === "string" && !spec.values.includes(literal.value)) {
    throw new FilterError(`'${literal.value}' is not a value of '${test.field}'`);
  }
  return spec;
}

function fits(literal: Literal, type: FieldType): boolean {
  switch (type) {
    case "integer":
      return literal.type === "number" && Number.isInteger(literal.value);
    case "float":
      return literal.type === "number";
    default:
      return literal.type === type;
  }
}

function wantedValue(test: Test, spec: FieldSpec): string | number | boolean {
  const { literal } = test;
  if (!spec.codes || literal.type !== "number") return literal.value;
  const name = spec.codes.get(literal.value);
  if (name === undefined) {
    throw new FilterError(`${literal.value} is not a value of '${test.field}'`);
  }
  return name;
}

type Value = string | number | boolean;

function comparable(value: unknown, type: FieldType): Value | undefined {
  if (typeof value === "string" && type === "date") {
    const time = Date.parse(value);
    return Number.isNaN(time) ? undefined : time;
  }
  if (typeof value === "string" && type === "duration") return parseDuration(value);
  // Ids are text in the response, whatever the filter takes them for.
  if (typeof value === "string" && type === "integer" && /^\d+$/.test(value)) return Number(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return undefined;
}

function fold(value: Value, folding: string | undefined): Value {
  if (!folding) return value;
  return folding === "tolower" ? String(value).toLowerCase() : String(value).toUpperCase();
}

function comparison(operator: Test["operator"], wanted: Value): (value: Value) => boolean {
  const text = String(wanted);
  switch (operator) {
    case "eq":
      return (value) => value === wanted;
    case "ne":
      return (value) => value !== wanted;
    case "lt":
      return (value) => value < wanted;
    case "gt":
      return (value) => value > wanted;
    case "le":
      return (value) => value <= wanted;
    case "ge":
      return (value) => value >= wanted;
    case "contains":
      return (value) => String(value).includes(text);
    case "startswith":
      return (value) => String(value).startsWith(text);
    case "endswith":
      return (value) => String(value).endsWith(text);
  }
}
