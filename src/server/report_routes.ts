/**
 * The morning report, in the form that the client wants.
 *
 * @module
 */
import { parseAccept } from "hono/utils/accept";
import type { Context } from "hono";
import { refuse, type RouteResponse } from "./pages/error_page.ts";
import { PAGE_HEADERS } from "./pages/layout.ts";
import { reportPage } from "./pages/report_page.ts";
import { csvOf } from "./report/csv.ts";
import { reportJson } from "./report/json.ts";
import { type MorningReport, morningReport } from "./report/report.ts";
import { COLUMNS, reportRows } from "./report/rows.ts";
import { reportText } from "./report/text.ts";
import { DEFAULT_WINDOW_MS, parseWindow, WindowError } from "./report/window.ts";
import type { ServerState } from "./state.ts";

/** Forms of the report. */
const REPORT_FORMATS = ["html", "csv", "json", "text"] as const;

/** A form of the report. */
export type ReportFormat = typeof REPORT_FORMATS[number];

const TYPES: Readonly<Record<ReportFormat, string>> = {
  html: "text/html",
  csv: "text/csv",
  json: "application/json",
  text: "text/plain",
};

/** Window of the report unless one is asked for. */
const DEFAULT_WINDOW = "24h";

/** Serves the report. */
export function reportRoute(c: Context, state: ServerState): RouteResponse {
  const url = new URL(c.req.url);
  const format = formatOf(url.searchParams.get("format"), c.req.header("Accept") ?? "");
  if (format === undefined) {
    return refuse(c, state, 400, `The format must be one of ${REPORT_FORMATS.join(", ")}`);
  }
  const window = url.searchParams.get("window") ?? DEFAULT_WINDOW;
  const windowMs = windowOf(window);
  if (typeof windowMs === "string") return refuse(c, state, 400, windowMs);
  c.header("Vary", "Accept");
  return send(c, state, format, morningReport(state, windowMs), window);
}

function send(
  c: Context,
  state: ServerState,
  format: ReportFormat,
  report: MorningReport,
  window: string,
): RouteResponse {
  const date = new Date(report.now).toISOString().slice(0, 10);
  switch (format) {
    case "html":
      return c.html(reportPage(state, report, window), 200, PAGE_HEADERS);
    case "json":
      return c.json({ status: "success", data: reportJson(report) });
    case "csv":
      return c.body(csvOf(COLUMNS, reportRows(report)), 200, {
        "Content-Type": "text/csv; charset=UTF-8",
        "Content-Disposition": `inline; filename="nbu_report_${date}.csv"`,
      });
    case "text":
      return c.text(reportText(report));
  }
}

function windowOf(text: string): number | string {
  try {
    return text === DEFAULT_WINDOW ? DEFAULT_WINDOW_MS : parseWindow(text);
  } catch (error) {
    if (!(error instanceof WindowError)) throw error;
    return `Parameter window: ${error.message}`;
  }
}

/** The parameter decides, or else `Accept`; a page where neither says anything. */
function formatOf(wanted: string | null, accept: string): ReportFormat | undefined {
  if (wanted !== null) return REPORT_FORMATS.find((format) => format === wanted);
  const ranges = parseAccept(accept).toSorted((a, b) => b.q - a.q);
  for (const { type, q } of ranges) {
    const format = REPORT_FORMATS.find((format) => TYPES[format] === type.toLowerCase());
    if (format && q > 0) return format;
  }
  return "html";
}
