/**
 * The space of disk pools and storage units, from what their collectors have published.
 *
 * @module
 */
import { availableBytes, usedBytes } from "../../collectors/disk_pools.ts";
import { unitBytes } from "../../collectors/storage.ts";
import type { MetricDefinition } from "../../metrics/types.ts";
import type { RetainedFamilies } from "./retained_families.ts";
import type { StoreKind } from "./types.ts";

/** Metrics that space is read from. */
export const SPACE_METRICS: readonly MetricDefinition[] = [usedBytes, availableBytes, unitBytes];

/** A store as it is now, in bytes. */
export interface Store {
  readonly kind: StoreKind;
  readonly name: string;
  readonly used: number;
  readonly free: number;
}

/**
 * All stores whose used and free bytes are known. Two of one kind and name, which NetBackup allows
 * where their servers are of different types, are left as one: that with less space.
 */
export function storesOf(families: RetainedFamilies): Store[] {
  const found = [...poolsOf(families), ...unitsOf(families)];
  const stores = new Map<string, Store>();
  for (const store of found) {
    const key = storeKey(store);
    const other = stores.get(key);
    if (!other || store.free < other.free) stores.set(key, store);
  }
  return [...stores.values()];
}

/** What tells stores apart. */
export function storeKey({ kind, name }: Pick<Store, "kind" | "name">): string {
  return JSON.stringify([kind, name]);
}

function poolsOf(families: RetainedFamilies): Store[] {
  const keyOf = (labels: Readonly<Record<string, string>>) =>
    JSON.stringify([labels["disk_pool"], labels["category"]]);
  const free = new Map(
    families.samples(availableBytes.name).map(({ labels, value }) => [
      keyOf(labels),
      value,
    ]),
  );
  return families.samples(usedBytes.name).flatMap(({ labels, value }) => {
    const available = free.get(keyOf(labels));
    if (available === undefined) return [];
    return [{
      kind: "disk_pool",
      name: labels["disk_pool"] ?? "",
      used: value,
      free: available,
    }];
  });
}

function unitsOf(families: RetainedFamilies): Store[] {
  const sizes = new Map<string, { name: string; used?: number; free?: number }>();
  for (const { labels, value } of families.samples(unitBytes.name)) {
    const { name = "", type, size } = labels;
    const key = JSON.stringify([name, type]);
    const entry = sizes.get(key) ?? { name };
    if (size === "used") entry.used = value;
    else if (size === "free") entry.free = value;
    sizes.set(key, entry);
  }
  return [...sizes.values()].flatMap(({ name, used, free }) =>
    used === undefined || free === undefined ? [] : [{ kind: "storage_unit", name, used, free }]
  );
}
