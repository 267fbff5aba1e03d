/**
 * The findings of `doctor` as a table for people and as JSON for programs.
 *
 * @module
 */
import { escapeControls } from "../../base/escape_controls.ts";
import type { Finding, FindingStatus, SiteFindings } from "./finding.ts";

const WORDS: Readonly<Record<FindingStatus, string>> = {
  ok: "ok",
  warning: "WARN",
  failed: "FAIL",
  skipped: "-",
};

/** Whether a check of the site failed. */
export function hasFailed({ findings }: SiteFindings): boolean {
  return findings.some(({ status }) => status === "failed");
}

/** A table for each site, then one line about all. */
export function formatTable(sites: readonly SiteFindings[]): string {
  const failed = sites.filter(hasFailed).length;
  const summary = failed === 0
    ? `${sites.length} of ${sites.length} sites passed`
    : `${failed} of ${sites.length} sites failed`;
  return `${[...sites.map(formatSite), summary].join("\n\n")}\n`;
}

/** One object, `{"healthy": …, "sites": […]}`. */
export function formatJson(sites: readonly SiteFindings[]): string {
  const rounded = (key: string, value: unknown) =>
    key === "milliseconds" && typeof value === "number" ? Math.round(value) : value;
  return `${JSON.stringify({ healthy: !sites.some(hasFailed), sites }, rounded, 2)}\n`;
}

function formatSite({ site, url, findings }: SiteFindings): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap((finding) => formatFinding(finding, width));
  return [`${escapeControls(site)}  ${escapeControls(url)}`, ...lines].join("\n");
}

function formatFinding({ check, status, detail, fix, milliseconds }: Finding, width: number) {
  const time = milliseconds === undefined ? "" : `${Math.round(milliseconds)} ms`;
  const lead = `  ${WORDS[status].padEnd(4)}  ${check.padEnd(width)}  `;
  const lines = [`${lead}${time.padStart(8)}  ${escapeControls(detail)}`];
  if (fix !== undefined) lines.push(`${" ".repeat(lead.length + 10)}fix: ${escapeControls(fix)}`);
  return lines;
}
