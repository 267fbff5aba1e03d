/**
 * What the collectors add to the configuration.
 *
 * @module
 */
import type { CollectorSection } from "../config/schema/schema.ts";
import { COLLECTORS } from "./registry.ts";

/** The sections below `collectors`. */
export const COLLECTOR_SECTIONS: readonly CollectorSection[] = COLLECTORS;
