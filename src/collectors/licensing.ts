/**
 * Licences and what they are used for (the vendor's licensing.yaml).
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { instant, numeric, optionalNumeric, text } from "../netbackup/fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";
import { expiry } from "./expiry.ts";

/** No `meta`, and no more than 50 rows at once, whatever is asked for. */
const entitlementList = listResource({
  endpoint: "/licensing/entitlements",
  permission: "|MANAGE|LICENSING|",
  since: "10.0",
  limit: 50,
  row: row({
    productName: text(),
    licenseMeter: text("UNKNOWN"),
    licenseType: text("UNKNOWN"),
    status: text("UNKNOWN"),
    licenseCount: optionalNumeric(0),
    countMultiplier: numeric(1, 0),
    // Perpetual licences have no end.
    endDate: instant(),
    serviceExpiration: instant(),
  }),
  key: ({ id }) => id,
});

/** Also holds the figures of each client and policy: few rows, of many kilobytes each. */
const capacityList = listResource({
  endpoint: "/licensing/capacity",
  permission: "|MANAGE|LICENSING|USAGE|",
  since: "10.0",
  limit: 10,
  row: row({ masterConsumptionMB: optionalNumeric(0) }),
  key: ({ id }) => id,
});

const BYTES_PER_MEGABYTE = 1_048_576;
const labels = ["entitlement", "product", "meter", "type"] as const;

/** Entitlements by their id, and the front-end data that they are held against. */
export const licensing = defineCollector({
  name: "licensing",
  summary: "Licences: end of entitlements and services, licensed units and front-end data.",
  interval: "6h",
  resources: { entitlementList, capacityList },
  labels: {
    entitlement: "Id of the entitlement",
    product: "Name of the licensed product",
    meter: "What an entitlement is measured by, `FETB`, `CPU` …",
    primary: "Name of the primary server whose data is counted",
  },
  metrics: {
    end: gauge(
      "nbu_entitlement_end_timestamp_seconds",
      "Unix time at which an entitlement ends; absent for one without an end",
      labels,
    ),
    service: gauge(
      "nbu_entitlement_service_expiration_timestamp_seconds",
      "Unix time at which the service contract of an entitlement expires",
      labels,
    ),
    active: gauge(
      "nbu_entitlement_active",
      "Whether NetBackup takes an entitlement for active (1) or not (0)",
      labels,
    ),
    units: gauge(
      "nbu_entitlement_licensed_units",
      "Units that are licensed, in that of the meter, multiplier included",
      ["entitlement", "meter"],
    ),
    frontEnd: gauge(
      "nbu_licensing_front_end_bytes",
      "Front-end data of a primary as its licence counts it, with 1,048,576 bytes for a megabyte",
      ["primary"],
    ),
    expiry,
  },
  async collect({ read, metrics }) {
    for (const entitlement of await read(entitlementList)) {
      const { id, licenseMeter: meter, licenseType: type, productName: product } = entitlement;
      const labels = { entitlement: id, product, meter, type };
      const active = entitlement.status === "ACTIVE";
      metrics.active.set(labels, active);
      const { licenseCount, countMultiplier, endDate, serviceExpiration } = entitlement;
      if (licenseCount !== undefined) {
        metrics.units.set({ entitlement: id, meter }, licenseCount * countMultiplier);
      }
      if (endDate !== undefined) {
        metrics.end.set(labels, endDate / 1000);
        metrics.expiry.set({ kind: "entitlement", name: id }, endDate / 1000);
      }
      if (serviceExpiration !== undefined) {
        metrics.service.set(labels, serviceExpiration / 1000);
        metrics.expiry.set({ kind: "service_contract", name: id }, serviceExpiration / 1000);
      }
    }
    for (const { id, masterConsumptionMB: megabytes } of await read(capacityList)) {
      if (megabytes === undefined) continue;
      metrics.frontEnd.set({ primary: id }, Math.round(megabytes * BYTES_PER_MEGABYTE));
    }
  },
});
