/**
 * What happens next: items in the order of their time.
 *
 * @module
 */

/** Something due at a time. */
export interface Due {
  readonly atMs: number;
  readonly item: number;
}

/** A heap of things to come. */
export interface Schedule {
  readonly size: number;
  add(due: Due): void;
  /** Takes out the earliest item that is due by this time. */
  takeDue(nowMs: number): number | undefined;
}

/** Makes an empty schedule. */
export function createSchedule(): Schedule {
  const heap: Due[] = [];
  const time = (index: number): number => heap[index]?.atMs ?? Infinity;
  const swap = (left: number, right: number) => {
    const [a, b] = [heap[left], heap[right]];
    if (a && b) [heap[left], heap[right]] = [b, a];
  };
  return {
    get size() {
      return heap.length;
    },
    add(due) {
      heap.push(due);
      let at = heap.length - 1;
      while (at > 0) {
        const above = (at - 1) >> 1;
        if (time(above) <= time(at)) return;
        swap(at, above);
        at = above;
      }
    },
    takeDue(nowMs) {
      const first = heap[0];
      if (!first || first.atMs > nowMs) return undefined;
      const last = heap.pop();
      if (heap.length > 0 && last) heap[0] = last;
      let at = 0;
      while (true) {
        const left = 2 * at + 1;
        const smaller = time(left + 1) < time(left) ? left + 1 : left;
        if (time(smaller) >= time(at)) return first.item;
        swap(smaller, at);
        at = smaller;
      }
    },
  };
}
