/**
 * What the collectors add to the configuration.
 *
 * @module
 */
import type { CollectorSection } from "../config/schema/schema.ts";
import { COLLECTORS } from "./registry.ts";

/** Sections of the Go exporter whose collectors do not exist yet: its files are read unedited. */
export const UNSERVED_SECTIONS: readonly CollectorSection[] = [
  { name: "malware", summary: "Malware scan results.", enabledByDefault: false, options: {} },
  { name: "catalog", summary: "Images in the catalog.", enabledByDefault: false, options: {} },
  { name: "slo", summary: "SLOs (protection plans).", enabledByDefault: false, options: {} },
];

/** The sections below `collectors`. */
export const COLLECTOR_SECTIONS: readonly CollectorSection[] = [
  ...COLLECTORS,
  ...UNSERVED_SECTIONS,
];
