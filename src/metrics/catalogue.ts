/**
 * The metrics of the exporter itself, of its sites and of its requests; collectors define their own.
 *
 * @module
 */
export * from "./catalogue/api.ts";
export * from "./catalogue/exporter.ts";
export * from "./catalogue/site.ts";
