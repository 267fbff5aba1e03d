/**
 * How safe the settings are, as NetBackup itself judges (the vendor's security.yaml).
 *
 * @module
 */
import * as v from "valibot";
import { gauge } from "../metrics/define.ts";
import { optionalNumeric } from "../netbackup/fields.ts";
import { nested } from "../netbackup/nested_fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";

const detail = v.object({ currentConfigRiskScore: optionalNumeric(0) });

/** One resource, not a list. */
const securityStatus = listResource({
  endpoint: "/security/status",
  permission: "|SECURITY|SETTINGS|",
  since: "12.0",
  paging: "none",
  row: row({
    platformRiskScore: optionalNumeric(0),
    // The settings differ from release to release.
    securitySettingsDetail: nested(v.record(v.string(), v.nullish(detail))),
  }),
});

/** The score, and what each setting adds to it. */
export const securityScore = defineCollector({
  name: "securityScore",
  summary: "Risk score of the security settings.",
  interval: "1h",
  resources: { securityStatus },
  labels: { setting: "Name of the security setting as NetBackup has it" },
  metrics: {
    total: gauge(
      "nbu_security_risk_score",
      "Risk score of the security settings as NetBackup computes it, from 0 for no risk to 100",
    ),
    settings: gauge(
      "nbu_security_setting_risk_score",
      "Risk score of one security setting as it is configured",
      ["setting"],
      { maxSeries: 200 },
    ),
  },
  async collect({ read, metrics }) {
    for (const { platformRiskScore, securitySettingsDetail } of await read(securityStatus)) {
      metrics.total.set({}, platformRiskScore);
      for (const [setting, detail] of Object.entries(securitySettingsDetail)) {
        const score = detail?.currentConfigRiskScore;
        metrics.settings.set({ setting }, score);
      }
    }
  },
});
