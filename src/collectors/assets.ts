/**
 * Assets of all workloads (the vendor's assetservice.yaml, which leaves out what an asset looks like;
 * its samples show it).
 *
 * @module
 */
import * as v from "valibot";
import { gauge } from "../metrics/define.ts";
import { text } from "../netbackup/fields.ts";
import { listOf } from "../netbackup/nested_fields.ts";
import { listResource, resourceAt } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";
import { labelFilter } from "./options/label_filter.ts";
import { workloadList } from "./rows/workload_list.ts";

const protection = v.object({ protectionDetailsList: listOf(v.unknown()) });
const common = v.object({ activeProtection: v.nullish(protection) });

/** The end is told by `hasNext`. */
const assetList = listResource({
  endpoint: "/asset-service/workloads/{workload}/assets",
  permission: "|ASSETS|",
  since: "10.0",
  row: row({ assetType: text("UNKNOWN"), commonAssetAttributes: v.nullish(common) }),
  key: ({ id }) => id,
});

/** Counts assets by whether a protection plan or policy has them. */
export const assets = defineCollector({
  name: "assets",
  summary: "Assets, protected or not, as far as the API key may see them; 100 per request.",
  interval: "6h",
  resources: { workloadList, assetList },
  options: { workloads: labelFilter("workloads") },
  labels: {
    asset_type: "Type of the asset as NetBackup names it, `vm` …; `UNKNOWN` where it has none",
    protected: "`true`, `false` or `unknown`",
  },
  metrics: {
    assets: gauge(
      "nbu_assets",
      "Assets that the API key may see, by workload, type and whether they are protected; unknown where NetBackup does not say",
      ["workload", "asset_type", "protected"],
      { maxSeries: 1000 },
    ),
  },
  async collect({ read, readIfSupported, metrics, options }) {
    for (const { id: workload } of await read(workloadList)) {
      if (!options.workloads.allows(workload)) continue;
      // The documents answer 404 and 410 for a workload without assets of this kind.
      const found = await readIfSupported(resourceAt(assetList, { workload })) ?? [];
      for (const { assetType: asset_type, commonAssetAttributes } of found) {
        metrics.assets.add(
          { workload, asset_type, protected: isProtected(commonAssetAttributes) },
          1,
        );
      }
    }
  },
});

function isProtected(attributes: v.InferOutput<typeof common> | null | undefined): string {
  if (!attributes) return "unknown";
  const details = attributes.activeProtection?.protectionDetailsList ?? [];
  return String(details.length > 0);
}
