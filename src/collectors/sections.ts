/**
 * What the collectors add to the configuration.
 *
 * @module
 */
import * as v from "valibot";
import { key } from "../config/keys.ts";
import { visibleText, wholeNumber } from "../config/leaves.ts";
import type { CollectorSection } from "../config/schema.ts";

const maxStatusCodes = v.optional(
  key(wholeNumber(1, 10_000), "Status codes per action with a series each; others are `other`."),
  "200",
);

const allowlist = v.optional(
  key(
    v.array(visibleText("the exact name of a client"), "a list of client names"),
    "Exact names of the clients; an empty list gives no series.",
  ),
  [],
);

/** The sections below `collectors`. */
export const COLLECTOR_SECTIONS: readonly CollectorSection[] = [
  { name: "jobs", summary: "Jobs.", enabledByDefault: true, options: { maxStatusCodes } },
  { name: "storage", summary: "Storage units.", enabledByDefault: true, options: {} },
  ...[
    ["alerts", "Alerts."],
    ["malware", "Malware scan results."],
    ["catalog", "Images in the catalog."],
    ["slo", "SLOs (protection plans)."],
    ["tape", "Tape drives, media, pools and robots."],
  ].map(([name = "", summary = ""]) => ({ name, summary, enabledByDefault: false, options: {} })),
  {
    name: "perClient",
    summary: "Metrics per client.",
    enabledByDefault: false,
    options: { allowlist },
  },
];
