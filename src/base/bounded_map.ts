/**
 * Maps that cannot grow without end.
 *
 * @module
 */

/** Sets an entry and makes it the newest; where there are too many, the oldest gives way. */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, maxEntries: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= maxEntries) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
