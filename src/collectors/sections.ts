/**
 * What the collectors add to the configuration.
 *
 * @module
 */
import type { CollectorSection } from "../config/schema/schema.ts";
import { COLLECTORS } from "./registry.ts";

/** Sections that are accepted, but whose collectors do not exist yet: files are read unedited. */
export const UNSERVED_SECTIONS: readonly CollectorSection[] = [];

/** The sections below `collectors`. */
export const COLLECTOR_SECTIONS: readonly CollectorSection[] = [
  ...COLLECTORS,
  ...UNSERVED_SECTIONS,
];
