/**
 * `GET /storage/storage-units`.
 *
 * @module
 */
import { compileFilter } from "../filter/compile.ts";
import { compareSorted, parseSort, sortValues } from "../filter/sort.ts";
import { parsed, whereBadRequest } from "../jobs/list.ts";
import { linkTo, onlyPageParameters, pageLimit, pageOffset } from "../protocol/query.ts";
import { STORAGE_UNIT_FILTERS, STORAGE_UNIT_SORTS } from "./fields.ts";
import type { StorageUnitAttributes } from "./units.ts";

/** Page sizes: the documents allow 1 to 500. */
const LIMITS = { min: 1, max: 500 };

/** A storage unit, and what is written over its attributes in the answer. */
export interface StorageUnitRow {
  readonly attributes: StorageUnitAttributes;
  readonly raw?: Readonly<Record<string, unknown>>;
}

/**
 * Answers with a page of storage units.
 *
 * @throws ApiError 400
 */
export function listStorageUnits(units: readonly StorageUnitRow[], url: URL): unknown {
  const query = url.searchParams;
  const limit = pageLimit(query, LIMITS);
  onlyPageParameters(query, ["page[limit]", "page[offset]"]);
  const offset = pageOffset(query);
  const { passes, keys } = whereBadRequest(() => {
    const filter = parsed(query.get("filter") ?? "");
    return {
      passes: filter ? compileFilter(filter, STORAGE_UNIT_FILTERS) : () => true,
      keys: parseSort(query.get("sort") ?? "name", STORAGE_UNIT_SORTS),
    };
  });
  const matching = units.filter(({ attributes }) => passes(attributes))
    .map((unit) => ({ unit, values: sortValues(keys, unit.attributes) }))
    .sort((left, right) => compareSorted(keys, left.values, right.values));

  const count = matching.length;
  const pages = Math.ceil(count / limit);
  const last = Math.max(0, pages - 1) * limit;
  const next = offset + limit < count ? offset + limit : undefined;
  const prev = offset > 0 ? Math.max(0, offset - limit) : undefined;
  const link = (to: number) => ({ href: linkTo(url, { "page[offset]": String(to) }) });
  return {
    data: matching.slice(offset, offset + limit).map(({ unit }) => storageUnitResource(unit)),
    meta: {
      pagination: {
        count,
        pages,
        // Zero-based, as in the vendor's examples.
        page: Math.floor(offset / limit),
        offset,
        limit,
        first: 0,
        last,
        ...(next !== undefined && { next }),
        ...(prev !== undefined && { prev }),
      },
    },
    links: {
      self: { href: linkTo(url, {}) },
      first: link(0),
      last: link(last),
      ...(next !== undefined && { next: link(next) }),
      ...(prev !== undefined && { prev: link(prev) }),
    },
  };
}

/** A storage unit as a resource of an answer. */
export function storageUnitResource({ attributes, raw }: StorageUnitRow): unknown {
  const { name, storageServerType, storageCategory } = attributes;
  const pool = `${storageServerType}:dp_${name}`;
  const pooled = storageCategory !== "TAPE" && storageCategory !== "BASIC_DISK";
  return {
    links: { self: { href: `/storage/storage-units/${encodeURIComponent(name)}` } },
    type: "storageUnit",
    id: name,
    attributes: { ...attributes, ...raw },
    relationships: pooled
      ? {
        diskPool: {
          links: { related: { href: `/storage/disk-pools/${encodeURIComponent(pool)}` } },
          data: { type: "diskPool", id: pool },
        },
      }
      : {},
  };
}
