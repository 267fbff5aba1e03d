/**
 * Jobs in the order of one of their times.
 *
 * @module
 */

/** A place in the order: by key, then by job id. */
export interface Position {
  readonly key: number;
  readonly id: number;
}

/** Ids in the order of (key, id); cheap to append to and to cut at the front. */
export interface SortedIndex {
  readonly size: number;
  insert(key: number, id: number): void;
  /** @returns False when it was not there. */
  remove(key: number, id: number): boolean;
  /** Number of entries before this place. */
  rank(position: Position): number;
  /** The entry of this rank. */
  at(rank: number): Position | undefined;
}

/** Makes an index, of entries in any order. */
export function createSortedIndex(entries: readonly Position[] = []): SortedIndex {
  const sorted = [...entries].sort((left, right) => left.key - right.key || left.id - right.id);
  let keys = sorted.map((entry) => entry.key);
  let ids = sorted.map((entry) => entry.id);
  // Entries before this one are gone: cutting the front one by one would move the rest each time.
  let head = 0;

  const find = (key: number, id: number): number => {
    let low = head;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = (keys[middle] ?? 0) - key || (ids[middle] ?? 0) - id;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get size() {
      return keys.length - head;
    },
    insert(key, id) {
      const place = find(key, id);
      if (place === keys.length) {
        keys.push(key);
        ids.push(id);
      } else {
        keys.splice(place, 0, key);
        ids.splice(place, 0, id);
      }
    },
    remove(key, id) {
      const place = find(key, id);
      if (keys[place] !== key || ids[place] !== id) return false;
      if (place - head > keys.length - place) {
        keys.splice(place, 1);
        ids.splice(place, 1);
        return true;
      }
      // Jobs go where they are oldest: the few before are moved, not the millions behind.
      keys.copyWithin(head + 1, head, place);
      ids.copyWithin(head + 1, head, place);
      head += 1;
      if (head > 1000 && head > keys.length / 2) {
        keys = keys.slice(head);
        ids = ids.slice(head);
        head = 0;
      }
      return true;
    },
    rank: ({ key, id }) => find(key, id) - head,
    at(rank) {
      const key = keys[head + rank];
      const id = ids[head + rank];
      return rank < 0 || key === undefined || id === undefined ? undefined : { key, id };
    },
  };
}
