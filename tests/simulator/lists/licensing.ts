/**
 * `GET /licensing/entitlements` and `/licensing/capacity`.
 *
 * @module
 */
import { fields } from "../filter/fields.ts";
import { policyTypeName } from "../world/spellings.ts";
import { simulatedList } from "./define.ts";

/** Kinds of licence, and in how many days they end; undefined: never. */
const LICENCES = [
  { type: "SUBSCRIPTION", meter: "FETB", count: 50, multiplier: 1, days: 200 },
  { type: "SUBSCRIPTION", meter: "FETB_PLUS", count: 10, multiplier: 2.5, days: 12 },
  { type: "PERPETUAL", meter: "SERVER", count: 4, multiplier: 1, days: undefined },
  { type: "DEMO", meter: "CPU", count: 2, multiplier: 1, days: -3 },
] as const;

/** What is licensed. No `meta`, and no more than 50 at once. */
export const entitlements = simulatedList({
  endpoint: "/licensing/entitlements",
  detail: "/licensing/entitlements/{entitlementId}",
  document: "licensing",
  type: "entitlementDetails",
  permission: "|MANAGE|LICENSING|",
  paging: { kind: "bare", limits: { min: 1, max: 100 }, cap: 50, withLinks: true },
  selfLinks: true,
  filters: new Map([
    ...fields("entitlementId productName", "string", "contains"),
    ...fields("status", "string", "eq"),
  ]),
  beyondSchema: { endDate: [null] },
  rows: (world) =>
    world.many(LICENCES.length, (index) => {
      const { type, meter, count, multiplier, days } = LICENCES[index] ??
        { ...LICENCES[0], days: 30 + index };
      const id = `A${String(100_000 + index)}`;
      return {
        id,
        attributes: {
          entitlementId: id,
          ...(world.version >= 12 && { fulfillmentId: `F${id}`, productId: "NETBACKUP" }),
          licenseFormat: 2,
          iplProductId: "",
          account: "",
          productName: "NetBackup Platform",
          productVersion: world.release,
          productDescription: "",
          platform: "ANY",
          serviceStartDate: world.days(-165),
          serviceExpiration: world.days(days ?? 400),
          signDate: world.days(-165),
          startDate: world.days(-165),
          endDate: days === undefined ? null : world.days(days),
          licenseMeter: meter,
          licenseType: type,
          licenseCount: count,
          countMultiplier: multiplier,
          warnPolicy: 30,
          gracePolicy: 0,
          countPolicy: "NONE",
          svcPolicy: "NONE",
          status: days !== undefined && days < 0 ? "EXPIRED" : "ACTIVE",
          entitledVersion: world.release,
          serviceContractNumber: "",
          coverageType: "",
          supportId: "",
          countGracePeriod: 0,
          countGracePercentage: 0,
          reporting: "",
          meterId: "",
          stackingGroup: 0,
          entitlementLicenseMeter: meter,
          reportingCategory: "",
          reportingFrequency: 0,
          features: [],
        },
      };
    }),
});

/** Front-end capacity of the primaries that were looked at last. */
export const capacity = simulatedList({
  endpoint: "/licensing/capacity",
  document: "licensing",
  type: "capacity",
  permission: "|MANAGE|LICENSING|USAGE|",
  paging: { kind: "offset", limits: { min: 1 }, withoutPages: true, withoutLinks: true },
  filters: new Map(fields("masterServer", "string", "eq", { attribute: "id" })),
  rows: (world) =>
    world.many(1, (index) => {
      const server = index === 0 ? world.serverName : `primary${index + 1}.example.com`;
      const { clients, policies } = world.population;
      const clientDetails = clients.map((clientName, number) => {
        const megabytes = 1000 + world.dice("capacity", number).below(index, 2_000_000) / 4;
        const policy = policies[number % policies.length] ?? policies[0];
        return {
          clientName,
          clientConsumptionMB: megabytes,
          policyDetails: [{
            backupId: `${clientName}_${Math.floor(world.daysMs(-1) / 1000)}`,
            policyName: policy.name,
            masterServer: server,
            policyType: policyTypeName(policy.type),
            policyConsumptionMB: megabytes,
          }],
        };
      });
      const total = clientDetails.reduce((sum, { clientConsumptionMB: mb }) => sum + mb, 0);
      return { id: server, attributes: { masterConsumptionMB: total, clientDetails } };
    }),
});
