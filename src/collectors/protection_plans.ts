/**
 * Protection plans (the vendor's servicecatalog.yaml calls them SLOs).
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { optionalNumeric, text } from "../netbackup/fields.ts";
import { requiredText } from "../netbackup/nested_fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";
import { labelFilter } from "./options/label_filter.ts";

/** It has no `meta`, and the server may grant fewer rows than asked for. */
const planList = listResource({
  endpoint: "/servicecatalog/slos",
  permission: "|PROTECTION|PROTECTION_PLAN|",
  since: "10.0",
  query: { sort: "name" },
  row: row({
    name: requiredText(),
    workloadType: text("UNKNOWN"),
    subscriptionCount: optionalNumeric(0),
  }),
  key: ({ id }) => id,
});

/** How much is subscribed to each plan. */
export const protectionPlans = defineCollector({
  name: "protectionPlans",
  summary: "Subscriptions of protection plans.",
  interval: "1h",
  resources: { planList },
  options: { plans: labelFilter("protection plans") },
  labels: { plan: "Name of the protection plan" },
  metrics: {
    subscriptions: gauge(
      "nbu_protection_plan_subscriptions",
      "Assets and groups of assets that are subscribed to a protection plan",
      ["plan", "workload"],
      { maxSeries: 2000 },
    ),
  },
  async collect({ read, metrics, options }) {
    for (const { name: plan, workloadType: workload, subscriptionCount } of await read(planList)) {
      if (subscriptionCount === undefined || !options.plans.allows(plan)) continue;
      // Plans of one name and workload are one series: names need not be unique.
      metrics.subscriptions.add({ plan, workload }, subscriptionCount);
    }
  },
});
