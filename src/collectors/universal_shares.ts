/**
 * Universal shares of MSDP storage servers. The vendor publishes no schema of them: fields that a
 * release names otherwise are absent here, and so are their metrics.
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { optionalNumeric, text } from "../netbackup/fields.ts";
import { listResource, resourceAt } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";
import { labelFilter } from "./options/label_filter.ts";

const storageServerList = listResource({
  endpoint: "/storage/storage-servers",
  permission: "|STORAGE|STORAGE-SERVERS|",
  since: "10.0",
  query: { filter: "isUshareSupported eq true", sort: "name" },
  row: row({ name: text() }),
  key: ({ id }) => id,
});

const shareList = listResource({
  endpoint: "/storage/storage-servers/{storageServerId}/universal-shares",
  permission: "|STORAGE|STORAGE-SERVERS|UNIVERSAL-SHARES|",
  assumed: true,
  since: "10.0",
  row: row({
    shareName: text(),
    quotaBytes: optionalNumeric(0),
    usedBytes: optionalNumeric(0),
    mountState: text(),
  }),
  key: ({ id }) => id,
});

const share = ["storage_server", "share"] as const;

/** One request for each storage server. */
export const universalShares = defineCollector({
  name: "universalShares",
  summary: "Universal shares: quota, usage and mount state.",
  interval: "15m",
  resources: { storageServerList, shareList },
  labels: { share: "Name of the universal share" },
  metrics: {
    quota: gauge(
      "nbu_universal_share_quota_bytes",
      "Bytes that a universal share may take; absent for one without a quota",
      share,
    ),
    used: gauge("nbu_universal_share_used_bytes", "Bytes that a universal share takes", share),
    mounted: gauge(
      "nbu_universal_share_mounted",
      "Whether a universal share is mounted (1) or not (0)",
      share,
    ),
  },
  options: { storageServers: labelFilter("storage servers") },
  async collect({ read, readIfSupported, metrics, options: { storageServers } }) {
    const servers = (await read(storageServerList))
      .filter(({ id, name }) => id !== "" && storageServers.allows(name))
      .map(({ id, name }) => ({ name, list: resourceAt(shareList, { storageServerId: id }) }));
    let found = servers.length === 0;
    for (const { name, list } of servers) {
      const shares = await readIfSupported(list);
      found ||= shares !== undefined;
      for (const share of shares ?? []) {
        const labels = { storage_server: name, share: share.shareName || share.id };
        const { quotaBytes = 0, usedBytes, mountState } = share;
        if (quotaBytes > 0) metrics.quota.set(labels, quotaBytes);
        metrics.used.set(labels, usedBytes);
        if (mountState !== "") metrics.mounted.set(labels, mountState === "MOUNTED");
      }
    }
    // No server has it: then it is the release that lacks it, and this throws.
    if (!found && servers[0]) await read(servers[0].list);
  },
});
