/**
 * `GET /servicecatalog/slos`: protection plans.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { simulatedList } from "./define.ts";

const PLANS = [
  { name: "Gold-VMware", workload: "VMWARE", subscriptions: 42 },
  { name: "Silver-VMware", workload: "VMWARE", subscriptions: 7 },
  { name: "Cloud|daily", workload: "CLOUD", subscriptions: 0 },
  { name: "K8s-Prod", workload: "KUBERNETES", subscriptions: 3 },
] as const;

/** Definitions, not compliance. The server sends no more than 50 of them at once. */
export const slos = simulatedList({
  endpoint: "/servicecatalog/slos",
  document: "servicecatalog",
  type: "slov3",
  permission: "|PROTECTION|PROTECTION_PLAN|",
  denial: "empty",
  paging: { kind: "bare", limits: { min: 1 }, cap: 50 },
  selfLinks: true,
  filters: new Map([
    ...fields("id name description", "string", `${ORDER} contains endswith startswith`),
    ...fields("subscriptionCount", "integer", ORDER),
  ]),
  sorts: { names: "name description subscriptionCount workloadType" },
  rows: (world) =>
    world.many(PLANS.length, (index) => {
      const plan = PLANS[index] ?? { ...PLANS[0], name: `Plan-${index + 1}` };
      return {
        id: `1f1a2b3c-0000-4000-8000-${String(index).padStart(12, "0")}`,
        attributes: {
          name: plan.name,
          description: "",
          policyNamePrefix: plan.name.toLowerCase().slice(0, 20),
          workloadType: plan.workload,
          subscribeAllowed: true,
          subscriptionCount: plan.subscriptions,
          schedules: [],
          capabilities: [],
        },
      };
    }),
});
