/**
 * What the collectors add to the configuration.
 *
 * @module
 */
import * as v from "valibot";
import { key } from "../config/schema/keys.ts";
import { visibleText } from "../config/schema/leaves.ts";
import type { CollectorSection } from "../config/schema/schema.ts";
import { COLLECTORS } from "./registry.ts";

const allowlist = v.optional(
  key(
    v.array(visibleText("the exact name of a client"), "a list of client names"),
    "Exact names of the clients; an empty list gives no series.",
  ),
  [],
);

/** Sections of the Go exporter whose collectors do not exist yet: its files are read unedited. */
export const UNSERVED_SECTIONS: readonly CollectorSection[] = [
  {
    name: "perClient",
    summary: "Metrics per client.",
    enabledByDefault: false,
    options: { allowlist },
  },
];

/** The sections below `collectors`. */
export const COLLECTOR_SECTIONS: readonly CollectorSection[] = [
  ...COLLECTORS,
  ...UNSERVED_SECTIONS,
];
