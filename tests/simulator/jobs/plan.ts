/**
 * Finds out what of a filter the indexes can answer, so that a page does not look at every job.
 *
 * @module
 */
import { compileFilter, type Predicate } from "../filter/compile.ts";
import type { FieldTable } from "../filter/fields.ts";
import type { Expression, Test } from "../filter/parser.ts";
import { INDEX_KEYS, type IndexKey, type JobTimes } from "./source.ts";

/** Both ends belong to the range. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What to look for, and where. */
export interface Plan {
  /** Whether jobs that are DONE can match. */
  readonly finished: boolean;
  /** Whether jobs that are not DONE can match. */
  readonly unfinished: boolean;
  readonly ranges: Readonly<Record<IndexKey, Range>>;
  /** What is left to be asked of each job; undefined when nothing is. */
  readonly rest: Predicate | undefined;
}

const ALL: Range = { min: -Infinity, max: Infinity };

/**
 * Makes the plan of a filter.
 *
 * @throws FilterError When the filter asks what the fields do not allow.
 */
export function planFilter(filter: Expression | undefined, table: FieldTable): Plan {
  const ranges: Record<IndexKey, Range> = {
    startTime: ALL,
    endTime: ALL,
    lastUpdateTime: ALL,
    jobId: ALL,
  };
  if (!filter) return { finished: true, unfinished: true, ranges, rest: undefined };
  // Checks the parts that the indexes answer, too.
  compileFilter(filter, table);
  const states = { finished: true, unfinished: true };
  const rest: Expression[] = [];
  for (const part of conjuncts(filter)) {
    const key = part.kind === "test" ? INDEX_KEYS.find((name) => name === part.field) : undefined;
    if (part.kind === "test" && key && narrow(ranges, key, part)) continue;
    if (part.kind === "test" && aboutDone(part)) {
      states[part.operator === "eq" ? "unfinished" : "finished"] = false;
      continue;
    }
    rest.push(part);
  }
  const last = rest.length === 0
    ? undefined
    : rest.reduce((left, right) => ({ kind: "and", left, right }));
  return { ...states, ranges, rest: last && compileFilter(last, table) };
}

/** Whether a job's times lie within all ranges. */
export function withinRanges(times: JobTimes, ranges: Plan["ranges"]): boolean {
  return INDEX_KEYS.every((key) => times[key] >= ranges[key].min && times[key] <= ranges[key].max);
}

function* conjuncts(filter: Expression): Generator<Expression> {
  if (filter.kind === "and") {
    yield* conjuncts(filter.left);
    yield* conjuncts(filter.right);
  } else {
    yield filter;
  }
}

function aboutDone(test: Test): boolean {
  return test.field === "state" && test.literal.value === "DONE";
}

/** @returns False when this test is no range. */
function narrow(ranges: Record<IndexKey, Range>, key: IndexKey, test: Test): boolean {
  const value = Number(test.literal.value);
  const { min, max } = ranges[key];
  switch (test.operator) {
    case "eq":
      ranges[key] = { min: Math.max(min, value), max: Math.min(max, value) };
      return true;
    // Times have whole milliseconds and ids are whole numbers.
    case "gt":
      ranges[key] = { min: Math.max(min, value + 1), max };
      return true;
    case "ge":
      ranges[key] = { min: Math.max(min, value), max };
      return true;
    case "lt":
      ranges[key] = { min, max: Math.min(max, value - 1) };
      return true;
    case "le":
      ranges[key] = { min, max: Math.min(max, value) };
      return true;
    default:
      return false;
  }
}

/** Whether a range leaves anything out. */
export function isBounded({ min, max }: Range): boolean {
  return min !== -Infinity || max !== Infinity;
}
