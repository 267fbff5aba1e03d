/**
 * Storage lifecycle policies (SLPs): whether they are active, and what they have still to copy (the
 * vendor's config.yaml and catalog.yaml).
 *
 * @module
 */
import * as v from "valibot";
import { key } from "../config/schema/keys.ts";
import { bool } from "../config/schema/leaves.ts";
import { gauge } from "../metrics/define.ts";
import { instant, optionalFlag, text } from "../netbackup/fields.ts";
import { compare } from "../netbackup/filters.ts";
import { listOf, requiredText } from "../netbackup/nested_fields.ts";
import { firstRows, listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";
import { labelFilter } from "./options/label_filter.ts";

const slpList = listResource({
  endpoint: "/config/slps",
  permission: "|PROTECTION|SLPS|",
  since: "10.0",
  query: { sort: "slpName" },
  row: row({ slpName: requiredText(), active: optionalFlag() }),
  key: ({ slpName }) => slpName,
});

/** By ascending backup time. Slow on the primary: the catalog and the SLP manager both take part. */
const imageList = listResource({
  endpoint: "/catalog/slp-images",
  permission: "|MANAGE|STORAGE-LIFECYCLE-IMAGES|",
  since: "10.0",
  paging: "cursor",
  limit: 1000,
  row: row({
    slpName: text("UNKNOWN"),
    backupTime: instant(),
    copies: listOf(v.object({ copyType: text("UNKNOWN"), copyState: text("UNKNOWN") })),
  }),
  key: ({ id }) => id,
});

/** The first row alone, which is that of the oldest image: one cheap request for each state. */
const oldestImage = firstRows(imageList, 1);

/** States of images with copies to make. A filter takes one at a time; the pipe belongs to it. */
const INCOMPLETE = ["NOT_STARTED", "IN_PROCESS", "NOT_STARTED|INACTIVE", "IN_PROCESS|INACTIVE"];

const images = key(
  bool(),
  "Whether to count all incomplete images, up to 100000 in each state; without, only the oldest is looked for, at little cost.",
);

/** The backlog of copies, and SLPs that do nothing. */
export const slp = defineCollector({
  name: "slp",
  summary: "Storage lifecycle policies (SLPs) and their backlog.",
  interval: "30m",
  resources: { slpList, imageList },
  options: {
    slps: labelFilter("SLPs"),
    images: v.optional(images, "true"),
  },
  labels: {
    slp: "Name of the storage lifecycle policy; `UNKNOWN` where the image names none",
    copy_type:
      "Type of the copy as NetBackup names it, `DUPLICATE`, `REPLICATE_TO_REMOTE_MASTER` …",
  },
  metrics: {
    active: gauge("nbu_slp_active", "Whether an SLP is active: 1, or 0 when it is not", ["slp"]),
    images: gauge("nbu_slp_images", "Images whose copies by an SLP are not complete, by state", [
      "slp",
      "state",
    ]),
    copies: gauge(
      "nbu_slp_copies",
      "Copies by type and state of the images whose copies by an SLP are not complete",
      ["slp", "copy_type", "state"],
    ),
    oldest: gauge(
      "nbu_slp_oldest_incomplete_timestamp_seconds",
      "Backup time of the oldest image whose copies by an SLP are not complete, by state of the image; absent where there is none",
      ["state"],
    ),
  },
  async collect({ read, readIfSupported, metrics, options }) {
    for (const { slpName: slp, active } of await readIfSupported(slpList) ?? []) {
      if (options.slps.allows(slp)) metrics.active.set({ slp }, active);
    }
    for (const state of INCOMPLETE) {
      const filter = compare("slpImageState", "eq", state);
      const images = await read(options.images ? imageList : oldestImage, { filter });
      const oldest = images.reduce(
        (least, { backupTime = Infinity }) => Math.min(least, backupTime),
        Infinity,
      );
      if (oldest < Infinity) metrics.oldest.set({ state }, oldest / 1000);
      if (!options.images) continue;
      for (const { slpName: slp, copies } of images) {
        if (!options.slps.allows(slp)) continue;
        metrics.images.add({ slp, state }, 1);
        for (const { copyType: copy_type, copyState } of copies) {
          metrics.copies.add({ slp, copy_type, state: copyState }, 1);
        }
      }
    }
  },
});
