/**
 * Storage servers, and the deduplication pools (MSDP) of those that have one (the vendor's
 * storage.yaml).
 *
 * @module
 */
import * as v from "valibot";
import { gauge } from "../metrics/define.ts";
import { optionalNumeric, text } from "../netbackup/fields.ts";
import { nested, requiredText } from "../netbackup/nested_fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector, everyPoll } from "./define.ts";

const amount = () => optionalNumeric(0);

/** What is missing could not be found out: the server answers in part then (`nbuStatusCode`). */
const storageServerList = listResource({
  endpoint: "/storage/storage-servers",
  permission: "|STORAGE|STORAGE-SERVERS|",
  since: "10.0",
  query: { sort: "name" },
  row: row({
    name: requiredText(),
    sType: text("UNKNOWN"),
    storageCategory: text("UNKNOWN"),
    nbuHostVersion: text(),
    storageServerState: text("UNKNOWN"),
    msdpAttributes: nested(v.object({
      storagePoolDetails: nested(v.object({
        rawSizeBytes: amount(),
        sizeBytes: amount(),
        reservedSpaceBytes: amount(),
        usedSpaceBytes: amount(),
        availableSpaceBytes: amount(),
      })),
      catalogLogicalSizeBytes: amount(),
      catalogFilesCount: amount(),
      deduplicationRatioPercentage: amount(),
    })),
  }),
  key: ({ id }) => id,
});

/** A host may be a server of several types. */
const server = ["storage_server", "type"] as const;
const msdp = ["storage_server"] as const;

/** Size, savings and state; a server without MSDP has a state only. */
export const storageServers = defineCollector({
  name: "storageServers",
  summary: "Storage servers: state, version, and size and savings of MSDP.",
  enabledByDefault: true,
  interval: everyPoll,
  resources: { storageServerList },
  metrics: {
    up: gauge("nbu_storage_server_up", "Whether a storage server is up (1) or not (0)", server),
    info: gauge(
      "nbu_storage_server_info",
      "Category and release of a storage server, in the labels; the value is always 1",
      [...server, "category", "version"],
    ),
    raw: gauge("nbu_msdp_raw_bytes", "Size of the storage below an MSDP pool in bytes", msdp),
    size: gauge("nbu_msdp_size_bytes", "Size of an MSDP pool in bytes", msdp),
    reserved: gauge(
      "nbu_msdp_reserved_bytes",
      "Bytes that an MSDP pool keeps for itself and does not use for backups",
      msdp,
    ),
    used: gauge("nbu_msdp_used_bytes", "Bytes of an MSDP pool that are used", msdp),
    available: gauge("nbu_msdp_available_bytes", "Bytes of an MSDP pool that are free", msdp),
    logical: gauge(
      "nbu_msdp_catalog_logical_bytes",
      "Bytes of the backups in an MSDP pool before deduplication",
      msdp,
    ),
    files: gauge("nbu_msdp_catalog_files", "Files in the catalog of an MSDP pool", msdp),
    savings: gauge(
      "nbu_msdp_dedup_savings_ratio",
      "Share of the backups in an MSDP pool that deduplication saves, 0 to 1",
      msdp,
    ),
  },
  async collect({ read, metrics }) {
    for (const server of await read(storageServerList)) {
      const labels = { storage_server: server.name, type: server.sType };
      metrics.up.set(labels, server.storageServerState === "UP");
      const category = server.storageCategory;
      metrics.info.set({ ...labels, category, version: server.nbuHostVersion }, 1);
      const { storagePoolDetails: pool, deduplicationRatioPercentage: percent, ...catalog } =
        server.msdpAttributes;
      const of = { storage_server: server.name };
      metrics.raw.set(of, pool.rawSizeBytes);
      metrics.size.set(of, pool.sizeBytes);
      metrics.reserved.set(of, pool.reservedSpaceBytes);
      metrics.used.set(of, pool.usedSpaceBytes);
      metrics.available.set(of, pool.availableSpaceBytes);
      metrics.logical.set(of, catalog.catalogLogicalSizeBytes);
      metrics.files.set(of, catalog.catalogFilesCount);
      metrics.savings.set(of, percent === undefined ? undefined : percent / 100);
    }
  },
});
