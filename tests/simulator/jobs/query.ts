/**
 * Reads a page of jobs out of several sources.
 *
 * @module
 */
import { compareSorted, type SortKey, type SortValue, sortValues } from "../filter/sort.ts";
import { isBounded, type Plan, withinRanges } from "./plan.ts";
import { INDEX_KEYS, type IndexKey, type JobRow, type JobSource } from "./source.ts";
import type { Position } from "./sorted_index.ts";

/** Where a row stands in the order of a query. */
export interface Place {
  readonly values: readonly SortValue[];
  readonly jobId: number;
}

/** A row and its place. */
export interface PlacedRow {
  readonly row: JobRow;
  readonly place: Place;
}

/**
 * The rows that match, in order, each looked up when it is asked for.
 *
 * @param after Only rows behind this place.
 * @param backwards In the opposite order.
 */
export function* matchingRows(
  sources: readonly JobSource[],
  plan: Plan,
  sort: readonly SortKey[],
  after: Place | undefined,
  backwards = false,
): Generator<PlacedRow> {
  const keys = backwards ? sort.map((key) => ({ ...key, descending: !key.descending })) : sort;
  const indexed = indexedSort(keys);
  if (indexed) yield* walkIndexes(sources, plan, indexed, after);
  else yield* sortAll(sources, plan, keys, after);
}

/** Number of matching rows. */
export function countRows(sources: readonly JobSource[], plan: Plan): number {
  let count = 0;
  const order = { key: "jobId", descending: false } as const;
  const rows = walkIndexes(sources, plan, order, undefined);
  while (!rows.next().done) count += 1;
  return count;
}

interface IndexedSort {
  readonly key: IndexKey;
  readonly descending: boolean;
}

/** The index that has this order, if one has: it breaks ties by job id in the same direction. */
function indexedSort(sort: readonly SortKey[]): IndexedSort | undefined {
  const [first, second, ...more] = sort;
  const key = INDEX_KEYS.find((name) => name === first?.attribute);
  if (!first || !key || more.length > 0) return undefined;
  if (second && (second.attribute !== "jobId" || second.descending !== first.descending)) {
    return undefined;
  }
  return { key, descending: first.descending };
}

/** Ties are broken by job id, in the direction of the first key. */
function comparePlaces(sort: readonly SortKey[], left: Place, right: Place): number {
  const order = compareSorted(sort, left.values, right.values);
  if (order !== 0) return order;
  return sort[0]?.descending ? right.jobId - left.jobId : left.jobId - right.jobId;
}

function* walkIndexes(
  sources: readonly JobSource[],
  plan: Plan,
  order: IndexedSort,
  after: Place | undefined,
): Generator<PlacedRow> {
  const sign = order.descending ? -1 : 1;
  const from = after && placeToPosition(order.key, after);
  // The walks keep to the range of their own key.
  const otherRanges = INDEX_KEYS.some((key) => key !== order.key && isBounded(plan.ranges[key]));
  const walks = sources.flatMap((source) => [
    ...(plan.finished ? [{ source, steps: walkFinished(source, plan, order, from) }] : []),
    ...(plan.unfinished ? [{ source, steps: walkUnfinished(source, plan, order, from) }] : []),
  ]).map((walk) => ({ ...walk, head: walk.steps.next() }));

  while (true) {
    let first: (typeof walks)[number] | undefined;
    let position: Position | undefined;
    for (const walk of walks) {
      if (walk.head.done) continue;
      const candidate = walk.head.value;
      if (!position || sign * comparePositions(candidate, position) < 0) {
        first = walk;
        position = candidate;
      }
    }
    if (!first || !position) return;
    first.head = first.steps.next();
    if (otherRanges && !withinRanges(first.source.times(position.id), plan.ranges)) continue;
    const row = first.source.row(position.id);
    if (!row || (plan.rest && !plan.rest(row.attributes))) continue;
    yield { row, place: { values: [position.key], jobId: position.id } };
  }
}

function comparePositions(left: Position, right: Position): number {
  return left.key - right.key || left.id - right.id;
}

function placeToPosition(key: IndexKey, place: Place): Position {
  const value = place.values[0];
  const number = typeof value === "string" && key !== "jobId" ? Date.parse(value) : Number(value);
  return { key: number, id: place.jobId };
}

function* walkFinished(
  source: JobSource,
  plan: Plan,
  order: IndexedSort,
  from: Position | undefined,
): Generator<Position> {
  const index = source.finished(order.key);
  const { min, max } = plan.ranges[order.key];
  if (order.descending) {
    const top = index.rank({ key: max, id: Infinity }) - 1;
    let rank = from ? Math.min(top, index.rank(from) - 1) : top;
    for (let entry = index.at(rank); entry && entry.key >= min; entry = index.at(--rank)) {
      yield entry;
    }
    return;
  }
  const bottom = index.rank({ key: min, id: -Infinity });
  let rank = from ? Math.max(bottom, index.rank({ key: from.key, id: from.id + 1 })) : bottom;
  for (let entry = index.at(rank); entry && entry.key <= max; entry = index.at(++rank)) {
    yield entry;
  }
}

function walkUnfinished(
  source: JobSource,
  plan: Plan,
  order: IndexedSort,
  from: Position | undefined,
): Iterator<Position, void> {
  const sign = order.descending ? -1 : 1;
  const { min, max } = plan.ranges[order.key];
  const positions: Position[] = [];
  for (const id of source.unfinished()) {
    const position = { key: source.times(id)[order.key], id };
    if (position.key < min || position.key > max) continue;
    if (!from || sign * comparePositions(position, from) > 0) positions.push(position);
  }
  return positions.sort((left, right) => sign * comparePositions(left, right)).values();
}

/** For orders without an index: looks at every job, and sorts. */
function* sortAll(
  sources: readonly JobSource[],
  plan: Plan,
  sort: readonly SortKey[],
  after: Place | undefined,
): Generator<PlacedRow> {
  const rows: PlacedRow[] = [];
  const anyOrder = { key: "jobId", descending: false } as const;
  for (const { row } of walkIndexes(sources, plan, anyOrder, undefined)) {
    const { attributes } = row;
    rows.push({ row, place: { values: sortValues(sort, attributes), jobId: attributes.jobId } });
  }
  rows.sort((left, right) => comparePlaces(sort, left.place, right.place));
  for (const row of rows) {
    if (!after || comparePlaces(sort, row.place, after) > 0) yield row;
  }
}
